/** The spool holds all it may (its own bound, or the disk's): try again when the database has caught up. */
export class SpoolFull extends Error {
  override name = 'SpoolFull';
  readonly status = 503;
}

/** The disk refused a write or a sync: nothing of it counts as accepted. */
export class SpoolUnavailable extends Error {
  override name = 'SpoolUnavailable';
  readonly status = 503;
}
