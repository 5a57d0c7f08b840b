/** A list that scrolls and holds nothing that takes the focus takes it itself: else a keyboard cannot scroll it. */
export const scrollStop = { tabIndex: 0, role: 'group' } as const
