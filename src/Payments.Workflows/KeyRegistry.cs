using Payments.Ids;

namespace Payments.Workflows;

/// <summary>
/// The keys that a payment has seen. An expired entry is kept, small as it is: the same body goes on replaying, and another body
/// gets a new use of the key, so that its ids at the engine and the gateway are new ones.
/// </summary>
public sealed class KeyRegistry
{
    private readonly Dictionary<string, KeyEntry> entries;

    public KeyRegistry(IEnumerable<KeyEntry>? carried = null) =>
        entries = (carried ?? []).ToDictionary(entry => entry.KeyHash, StringComparer.Ordinal);

    public IReadOnlyCollection<KeyEntry> Entries => entries.Values;

    public KeyEntry? Find(string keyHash) => entries.GetValueOrDefault(keyHash);

    /// <summary>How a call stands to what its key already means here.</summary>
    public KeyMatch Match(CallInfo call, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!entries.TryGetValue(call.KeyHash, out var entry))
        {
            return KeyMatch.New;
        }
        if (entry.Fingerprint == call.Fingerprint)
        {
            return KeyMatch.Same;
        }
        return entry.IsExpired(now) && !entry.Bound ? KeyMatch.Freed : KeyMatch.Reused;
    }

    /// <summary>Takes the key for this call. The caller has matched it as <see cref="KeyMatch.New"/> or <see cref="KeyMatch.Freed"/>.</summary>
    public KeyEntry Take(CallInfo call, string operation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(call);
        var before = Find(call.KeyHash);
        if (before is not null && (before.Bound || !before.IsExpired(now)))
        {
            throw new InvalidOperationException($"Bug: key {call.KeyHash} is taken by {before.Operation} {before.Fingerprint}.");
        }
        if (before is null && entries.Count >= PaymentTimeouts.KeysMax
            && entries.Values.Where(other => IsDispensable(other, now)).MinBy(other => other.Created) is { } oldest)
        {
            entries.Remove(oldest.KeyHash);
        }
        var entry = Unkept(call, operation, now, before is null ? 0 : before.Use + 1);
        entries[call.KeyHash] = entry;
        return entry;
    }

    /// <summary>An entry that no later call finds.</summary>
    public static KeyEntry Unkept(CallInfo call, string operation, DateTimeOffset now, int use = 0) => new()
    {
        KeyHash = call.KeyHash,
        Operation = operation,
        Fingerprint = call.Fingerprint,
        Nonce = call.Nonce,
        Created = now,
        Expires = now + call.KeyTtl,
        HasKey = call.HasKey,
        SearchHash = call.SearchHash,
        Bound = call.Bound,
        Use = use,
    };

    /// <summary>Marks entries whose lifetime is over. Returns how many were not marked before.</summary>
    public int CountExpired(DateTimeOffset now)
    {
        var count = 0;
        foreach (var entry in entries.Values)
        {
            if (!entry.ExpiryCounted && entry.IsExpired(now))
            {
                entry.ExpiryCounted = true;
                count++;
            }
        }
        return count;
    }

    /// <summary>When the next record ends that was not counted yet; null when none will. A request under way keeps its record.</summary>
    public DateTimeOffset? NextExpiry
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var entry in entries.Values)
            {
                if (!entry.ExpiryCounted && entry.Outcome is not null && (next is null || entry.Expires < next))
                {
                    next = entry.Expires;
                }
            }
            return next;
        }
    }

    /// <summary>Whether one more key fits, if need be in the place of one that has expired and moved nothing.</summary>
    public bool HasRoom(DateTimeOffset now) => entries.Count < PaymentTimeouts.KeysMax || entries.Values.Any(entry => IsDispensable(entry, now));

    /// <summary>Hashes by which keys are searched, the newest first.</summary>
    public IReadOnlyCollection<string> SearchHashes(int count) =>
        [.. entries.Values.OrderByDescending(entry => entry.Created).Select(entry => entry.SearchHash).OfType<string>().Distinct().Take(count)];

    private static bool IsDispensable(KeyEntry entry, DateTimeOffset now) =>
        entry.IsExpired(now) && entry.ExpiryCounted && entry.Outcome!.Code is not (OutcomeCodes.Captured or OutcomeCodes.Refunded or OutcomeCodes.PaymentExists);

    /// <summary>The moment from which no key replays any more; null without keys.</summary>
    public DateTimeOffset? LastExpiry => entries.Count == 0 ? null : entries.Values.Max(entry => entry.Expires);

    /// <summary>The update id under which the request of this entry runs.</summary>
    public static string UpdateId(KeyEntry entry) => PaymentIds.Update(entry.Operation, entry.KeyHash, entry.Fingerprint);
}
