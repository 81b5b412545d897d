using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Payments.Gateway.Mock.Ledger;

/// <summary>A line is eight hex digits of CRC-32C over the JSON, a space, the JSON, a line feed: readable, and a torn line shows.</summary>
internal static class LedgerLine
{
    private const int Prefix = 9;

    public static void Write(LedgerEntry entry, ArrayBufferWriter<byte> into)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, LedgerJson.Default.LedgerEntry);
        var line = into.GetSpan(Prefix + json.Length + 1);
        Utf8Formatter.TryFormat(Checksum(json), line, out _, new StandardFormat('x', 8));
        line[Prefix - 1] = (byte)' ';
        json.CopyTo(line[Prefix..]);
        line[Prefix + json.Length] = (byte)'\n';
        into.Advance(Prefix + json.Length + 1);
    }

    /// <param name="line">Without its line feed.</param>
    /// <returns>Null when the line is not what was written.</returns>
    public static LedgerEntry? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Prefix || line[Prefix - 1] != ' '
            || !Utf8Parser.TryParse(line[..(Prefix - 1)], out uint checksum, out var read, 'x') || read != Prefix - 1
            || checksum != Checksum(line[Prefix..]))
        {
            return null;
        }
        return JsonSerializer.Deserialize(line[Prefix..], LedgerJson.Default.LedgerEntry);
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }
        foreach (var one in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }
        return ~crc;
    }
}
