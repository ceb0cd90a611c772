/** Whether an address lies on another host. Not so `mailto:`, `tel:`, `javascript:`, which have none. Throws on no URL. */
export const isOutside = (address: string): boolean => {
  const { host } = new URL(address, location.href);
  return !!host && host !== location.host;
};
