using System.Text.Json.Nodes;

namespace Payments.Lab.Traffic;

/// <summary>
/// What callers saw, checked afterwards as a whole, in the manner of Jepsen: with their times, so that an answer cannot have been known before it was made.
/// Thread-safe.
/// </summary>
public sealed class CallHistory(TimeProvider clock)
{
    private readonly Lock writing = new();
    private readonly Dictionary<string, List<Call>> calls = new(StringComparer.Ordinal);
    private long total;

    public long Calls => Interlocked.Read(ref total);

    /// <summary>Makes a call and remembers when it began and what came of it; a call that is lost tells nothing and only counts.</summary>
    public async Task<PaymentAnswer> RecordAsync(string key, Func<Task<PaymentAnswer>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Interlocked.Increment(ref total);
        var began = clock.GetTimestamp();
        var answer = await call().ConfigureAwait(false);
        Add(key, began, clock.GetTimestamp(), answer);
        return answer;
    }

    public void Add(string key, long began, long ended, PaymentAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Retry)
        {
            // "Not yet" is no outcome.
            return;
        }
        lock (writing)
        {
            if (!calls.TryGetValue(key, out var known))
            {
                calls.Add(key, known = []);
            }
            known.Add(new Call(began, ended, answer));
        }
    }

    /// <returns>
    /// A line for each key with answers that differ in more than the mark of a replay, with more than one first answer, or with a first answer to a call that
    /// began when another had its answer already.
    /// </returns>
    public IReadOnlyList<string> Check()
    {
        lock (writing)
        {
            return [.. calls.SelectMany(entry => Check(entry.Key, entry.Value))];
        }
    }

    private static IEnumerable<string> Check(string key, List<Call> calls)
    {
        var outcomes = calls.Select(call => Outcome(call.Answer)).Distinct(StringComparer.Ordinal).ToArray();
        if (outcomes.Length > 1)
        {
            yield return $"{key}: {outcomes.Length} different answers: {string.Join(" | ", outcomes)}";
        }
        var firsts = calls.Where(call => !call.Answer.Replayed).ToArray();
        if (firsts.Length > 1)
        {
            yield return $"{key}: {firsts.Length} answers are not marked as replays";
        }
        foreach (var first in firsts.Where(first => calls.Exists(other => other.Ended < first.Began)))
        {
            yield return $"{key}: executed for a call that began when another call had its answer: {first.Answer.Status}";
        }
    }

    // The status of a first answer and of its replay differ by design (201, 200), and so does "cached".
    private static string Outcome(PaymentAnswer answer)
    {
        var body = answer.Body;
        if (body.StartsWith('{') && JsonNode.Parse(body) is JsonObject members)
        {
            members.Remove("cached");
            body = members.ToJsonString();
        }
        return $"{(answer.Paid ? "paid" : answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture))} {body}";
    }

    private sealed record Call(long Began, long Ended, PaymentAnswer Answer);
}
