/** The server writes it into the page: styles that are made here carry it, as its policy wants. */
export const styleNonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';
