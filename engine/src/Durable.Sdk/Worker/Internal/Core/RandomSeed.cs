using System.Text;

namespace Temporalio.Worker.Internal.Core;

/// <summary>The seed of a run's random numbers: SipHash-1-3 of the run id, as the official SDK has it, so that histories replay in both.</summary>
internal static class RandomSeed
{
    public static ulong Of(string runId)
    {
        // A Rust string is hashed as its bytes and one 0xFF.
        var length = Encoding.UTF8.GetByteCount(runId) + 1;
        Span<byte> bytes = length <= 128 ? stackalloc byte[128] : new byte[length];
        bytes = bytes[..length];
        Encoding.UTF8.GetBytes(runId, bytes);
        bytes[^1] = 0xFF;
        return SipHash13(bytes);
    }

    private static ulong SipHash13(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var v0 = 0x736f6d6570736575UL;
            var v1 = 0x646f72616e646f6dUL;
            var v2 = 0x6c7967656e657261UL;
            var v3 = 0x7465646279746573UL;
            var length = bytes.Length;
            while (bytes.Length >= 8)
            {
                var word = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                v3 ^= word;
                Round(ref v0, ref v1, ref v2, ref v3);
                v0 ^= word;
                bytes = bytes[8..];
            }
            var last = (ulong)(byte)length << 56;
            for (var i = 0; i < bytes.Length; i++)
            {
                last |= (ulong)bytes[i] << (8 * i);
            }
            v3 ^= last;
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= last;
            v2 ^= 0xFF;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            return v0 ^ v1 ^ v2 ^ v3;
        }
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v2 += v3;
            v1 = ulong.RotateLeft(v1, 13) ^ v0;
            v3 = ulong.RotateLeft(v3, 16) ^ v2;
            v0 = ulong.RotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = ulong.RotateLeft(v1, 17) ^ v2;
            v3 = ulong.RotateLeft(v3, 21) ^ v0;
            v2 = ulong.RotateLeft(v2, 32);
        }
    }
}
