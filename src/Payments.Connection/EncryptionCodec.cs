using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Payments.Connection;

/// <summary>
/// Encrypts payloads with AES-256-GCM. The id of the key is in each payload's metadata, so keys rotate: add the new one, make it the active one, keep the old
/// ones as long as a history uses them. Search attributes are never encrypted: the engine has to compare them.
/// </summary>
/// <remarks>Data layout: 12 bytes nonce, 16 bytes tag, ciphertext of the serialized payload. Key id and encoding are authenticated with it.</remarks>
public sealed class EncryptionCodec : IPayloadCodec
{
    public const string Encoding = "binary/encrypted";
    public const string KeyIdMetadata = "encryption-key-id";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private static readonly ByteString EncodingBytes = ByteString.CopyFromUtf8(Encoding);

    private readonly IReadOnlyDictionary<string, byte[]> keys;
    private readonly string activeKey;

    /// <param name="keys">32 bytes each, by id.</param>
    /// <param name="activeKey">The id of the key that encrypts; all decrypt.</param>
    public EncryptionCodec(IReadOnlyDictionary<string, byte[]> keys, string activeKey)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var (id, key) in keys)
        {
            if (key.Length != 32)
            {
                throw new InvalidOperationException($"Encryption:Keys:{id} has {key.Length} bytes; AES-256 needs 32, in base64.");
            }
        }
        if (!keys.ContainsKey(activeKey))
        {
            throw new InvalidOperationException($"Encryption:ActiveKey is '{activeKey}', which is not among Encryption:Keys.");
        }
        this.keys = keys;
        this.activeKey = activeKey;
    }

    /// <summary>Null when <c>Encryption:ActiveKey</c> is not set.</summary>
    public static EncryptionCodec? FromConfiguration(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var active = configuration["Encryption:ActiveKey"];
        if (string.IsNullOrEmpty(active))
        {
            return null;
        }
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in configuration.GetSection("Encryption:Keys").GetChildren())
        {
            try
            {
                keys[key.Key] = Convert.FromBase64String(key.Value ?? "");
            }
            catch (FormatException)
            {
                throw new InvalidOperationException($"Encryption:Keys:{key.Key} is not base64.");
            }
        }
        return new EncryptionCodec(keys, active);
    }

    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Encrypt)]);

    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Decrypt)]);

    private Payload Encrypt(Payload payload)
    {
        var plain = payload.ToByteArray();
        var data = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = data.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[activeKey], TagBytes);
        aes.Encrypt(nonce, plain, data.AsSpan(NonceBytes + TagBytes), data.AsSpan(NonceBytes, TagBytes), Authenticated(activeKey));
        return new Payload
        {
            Metadata = { ["encoding"] = EncodingBytes, [KeyIdMetadata] = ByteString.CopyFromUtf8(activeKey) },
            Data = UnsafeByteOperations.UnsafeWrap(data),
        };
    }

    private Payload Decrypt(Payload payload)
    {
        // Written before encryption was switched on, or by a client without the key.
        if (!payload.Metadata.TryGetValue("encoding", out var encoding) || !encoding.Equals(EncodingBytes))
        {
            return payload;
        }
        var id = payload.Metadata.TryGetValue(KeyIdMetadata, out var named) ? named.ToStringUtf8() : "";
        if (!keys.TryGetValue(id, out var key))
        {
            throw new InvalidOperationException($"A payload is encrypted with key '{id}', which is not among Encryption:Keys.");
        }
        var data = payload.Data.Span;
        if (data.Length < NonceBytes + TagBytes)
        {
            throw new InvalidOperationException($"An encrypted payload has {data.Length} bytes, fewer than nonce and tag.");
        }
        var plain = new byte[data.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(data[..NonceBytes], data[(NonceBytes + TagBytes)..], data.Slice(NonceBytes, TagBytes), plain, Authenticated(id));
        return Payload.Parser.ParseFrom(plain);
    }

    private static byte[] Authenticated(string keyId) => System.Text.Encoding.UTF8.GetBytes(Encoding + ":" + keyId);
}
