/** Writes every payload backwards, whole: enough to see that nothing passes by. */
const backwards = (bytes) => Uint8Array.from(bytes).reverse();

export const reversing = {
  encode: async (payloads) =>
    payloads.map(({ metadata, data }) => ({
      metadata: { encoding: Buffer.from('binary/backwards'), inner: metadata.encoding },
      data: backwards(data ?? []),
    })),
  decode: async (payloads) =>
    payloads.map((payload) =>
      Buffer.from(payload.metadata?.encoding ?? []).toString() === 'binary/backwards'
        ? { metadata: { encoding: payload.metadata.inner }, data: backwards(payload.data) }
        : payload
    ),
};
