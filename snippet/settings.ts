/**
 * What a site owner can set, by the name it bears as an attribute (`data-consent`) or in the script's own query
 * (`footfall.js?consent=required`, for optimisers and tag managers that strip attributes).
 */
export type SettingName =
  | 'site'
  | 'endpoint'
  | 'global'
  | 'manual'
  | 'hash'
  | 'query'
  | 'downloads'
  | 'consent'
  | 'on-denied'
  | 'gpc'
  | 'dnt'
  | 'environment'
  | 'link'
  | 'vitals'
  | 'errors'
  | 'frustration'
  | 'autocapture'
  | 'debug';

/** Reads one setting; absent is null or undefined, present without a value is ''. */
export type ReadSetting = (name: SettingName) => string | null | undefined;
