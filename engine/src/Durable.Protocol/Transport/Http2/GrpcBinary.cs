namespace Durable.Protocol.Http2;

/// <summary>Values of headers that end in <c>-bin</c>: base64, written without padding, read with or without.</summary>
public static class GrpcBinary
{
    public static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <returns>False when the value is not base64.</returns>
    public static bool TryDecode(string value, out byte[] bytes)
    {
        var padded = (value.Length % 4) switch
        {
            2 => value + "==",
            3 => value + "=",
            _ => value,
        };
        bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var written))
        {
            bytes = [];
            return false;
        }
        Array.Resize(ref bytes, written);
        return true;
    }
}
