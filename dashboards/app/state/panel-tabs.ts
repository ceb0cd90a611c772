/** Which tab each panel of a page shows, as one search parameter: `tabs=channel.entry_page`. Only departures stand in it. */
export function pickedTab<Tab extends string>(
  tabs: string | undefined,
  options: readonly [Tab, ...Tab[]],
): Tab {
  const taken = tabs?.split('.') ?? [];
  return options.find((option) => taken.includes(option)) ?? options[0];
}

export function withTab<Tab extends string>(
  tabs: string | undefined,
  options: readonly [Tab, ...Tab[]],
  next: Tab,
) {
  const others = (tabs?.split('.') ?? []).filter(
    (tab) => tab !== '' && !options.some((option) => option === tab),
  );
  const taken = next === options[0] ? others : [...others, next];
  return taken.length > 0 ? taken.join('.') : undefined;
}
