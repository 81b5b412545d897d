using System.Text;
using Temporalio.Api.Failure.V1;

namespace Durable.Server.Executions;

/// <summary>Failures that are too large to be kept.</summary>
public static class Failures
{
    private const int CausesMax = 20;

    // Tag and length of a field.
    private const int FieldOverhead = 4;

    /// <summary>
    /// The failure without its details, and its texts cut so that all of it has about <paramref name="maximumBytes"/>. What decides on
    /// retries stays; what comes first in a reader's interest is cut last.
    /// </summary>
    public static Failure Truncate(Failure failure, int maximumBytes)
    {
        var left = maximumBytes;
        return Truncate(failure, ref left, CausesMax);
    }

    private static Failure Truncate(Failure failure, ref int left, int causes)
    {
        var cut = new Failure();
        if (failure.ApplicationFailureInfo is { } application)
        {
            cut.ApplicationFailureInfo = new() { NonRetryable = application.NonRetryable, Type = Cut(application.Type, ref left) };
        }
        else if (failure.ServerFailureInfo is { } server)
        {
            cut.ServerFailureInfo = new() { NonRetryable = server.NonRetryable };
        }
        cut.Source = Cut(failure.Source, ref left);
        cut.Message = Cut(failure.Message, ref left);
        cut.StackTrace = Cut(failure.StackTrace, ref left);
        if (failure.Cause is not null && left > FieldOverhead && causes > 0)
        {
            cut.Cause = Truncate(failure.Cause, ref left, causes - 1);
        }
        return cut;
    }

    private static string Cut(string text, ref int left)
    {
        if (text.Length == 0 || left <= 0)
        {
            return "";
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > left)
        {
            var end = left;
            while (end > 0 && (bytes[end] & 0xC0) == 0x80)
            {
                // In the middle of a character.
                end--;
            }
            text = Encoding.UTF8.GetString(bytes, 0, end);
            left = 0;
            return text;
        }
        left -= bytes.Length + FieldOverhead;
        return text;
    }
}
