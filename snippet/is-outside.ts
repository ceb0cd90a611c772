/** Whether an address lies on another host. Not so `mailto:`, `tel:` and `javascript:`, which have none. */
export const isOutside = ({ host }: URL) => host && host !== location.host;
