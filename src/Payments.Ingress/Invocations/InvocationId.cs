using System.Buffers.Text;
using System.Text;
using Payments.Ids;

namespace Payments.Ingress;

/// <summary>
/// The public name of one invocation. It encodes workflow id and update id, so that attach and output need no look-up. It is a name, not a secret:
/// whoever presents it must be the merchant that it names.
/// </summary>
/// <param name="UpdateId"><c>{handler}:{keyHash}:{fingerprint}</c>.</param>
public sealed record InvocationId(string WorkflowId, string UpdateId)
{
    private const string Prefix = "inv_";

    /// <summary>The second part of every workflow id, decoded.</summary>
    public string Merchant => Uri.UnescapeDataString(WorkflowId.Split('/')[1]);

    public string Handler => UpdateId.Split(':')[0];

    public string KeyHash => UpdateId.Split(':')[1];

    public string Fingerprint => UpdateId.Split(':')[2];

    public override string ToString() => Prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(WorkflowId + "\n" + UpdateId));

    public static bool TryParse(string? text, out InvocationId id)
    {
        id = null!;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > 4 * PaymentIds.BytesMax)
        {
            return false;
        }
        string decoded;
        try
        {
            decoded = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length)));
        }
        catch (FormatException)
        {
            return false;
        }
        var parts = decoded.Split('\n');
        if (parts.Length != 2 || parts[0].Split('/') is not [_, _, _, ..] || parts[1].Split(':') is not [{ Length: > 0 }, { Length: 32 }, { Length: 16 }])
        {
            return false;
        }
        id = new InvocationId(parts[0], parts[1]);
        return true;
    }
}
