using Payments.Workflows;
using Temporalio.Client;
using Temporalio.Common;

namespace Payments.Ingress;

/// <summary>
/// Counts and sums from visibility. Counts are asked for; sums are read as a stream of what settled since the last time, because money that moved never
/// moves again under the same execution. Nothing is kept on disk: after a restart the stream is read once from its beginning.
/// </summary>
public sealed class PaymentStatistics(EngineLink engine, TimeProvider time)
{
    /// <summary>Visibility may lag behind: this much is read again each time, and known executions are skipped.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim one = new(1, 1);
    private readonly SettledStream captures = new(PaymentWorkflow.TypeName);
    private readonly SettledStream refunds = new(RefundWorkflow.TypeName);

    /// <param name="merchant">Null for all merchants.</param>
    public async Task<Statistics> ReadAsync(string? merchant, CancellationToken cancellationToken)
    {
        var asOf = time.GetUtcNow();
        var scope = $"WorkflowType = '{PaymentWorkflow.TypeName}' AND ExecutionStatus != 'ContinuedAsNew' AND ExecutionStatus != 'Terminated'"
            + (merchant is null ? "" : $" AND {PaymentSearchAttributes.Merchant.Name} = '{merchant}'");
        var counts = await Task.WhenAll(PaymentStatuses.Listed.Select(async status =>
        {
            var count = await engine.Client.CountWorkflowsAsync(
                $"{scope} AND {PaymentSearchAttributes.Status.Name} = '{status}'",
                new WorkflowCountOptions { Rpc = new() { CancellationToken = cancellationToken } }).ConfigureAwait(false);
            return (Status: status, count.Count);
        })).ConfigureAwait(false);

        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await captures.ReadOnAsync(engine.Client, asOf - Overlap, cancellationToken).ConfigureAwait(false);
            await refunds.ReadOnAsync(engine.Client, asOf - Overlap, cancellationToken).ConfigureAwait(false);
            return new Statistics(asOf, counts.ToDictionary(c => c.Status, c => c.Count), captures.Sums(merchant), refunds.Sums(merchant));
        }
        finally
        {
            one.Release();
        }
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken).ConfigureAwait(false);
        captures.Clear();
        refunds.Clear();
        one.Release();
    }

    /// <summary>Executions of one type in the order in which they settled.</summary>
    private sealed class SettledStream(string workflowType)
    {
        private readonly Dictionary<(string Merchant, string Currency), (long Count, long Sum)> sums = [];
        private readonly Dictionary<string, DateTimeOffset> recent = new(StringComparer.Ordinal);
        private DateTimeOffset readTo = DateTimeOffset.UnixEpoch;

        public async Task ReadOnAsync(ITemporalClient client, DateTimeOffset nextReadTo, CancellationToken cancellationToken)
        {
            var filter = $"WorkflowType = '{workflowType}' AND ExecutionStatus != 'ContinuedAsNew' AND ExecutionStatus != 'Terminated'"
                + $" AND {PaymentSearchAttributes.SettledAt.Name} >= '{PaymentBodies.Time(readTo)}'";
            await foreach (var workflow in client.ListWorkflowsAsync(filter, new WorkflowListOptions { Rpc = new() { CancellationToken = cancellationToken } }).ConfigureAwait(false))
            {
                var attributes = workflow.TypedSearchAttributes;
                if (!attributes.TryGetValue(PaymentSearchAttributes.SettledAt, out var at) || !recent.TryAdd(workflow.Id, at))
                {
                    continue;
                }
                var scope = (Text(attributes, PaymentSearchAttributes.Merchant), Text(attributes, PaymentSearchAttributes.Currency));
                var amount = attributes.TryGetValue(PaymentSearchAttributes.Amount, out var minor) ? minor : 0;
                var (count, sum) = sums.GetValueOrDefault(scope);
                sums[scope] = (count + 1, sum + amount);
            }
            if (nextReadTo > readTo)
            {
                readTo = nextReadTo;
                foreach (var (id, at) in recent)
                {
                    if (at < readTo)
                    {
                        recent.Remove(id);
                    }
                }
            }
        }

        public IReadOnlyDictionary<string, (long Count, long Sum)> Sums(string? merchant) => sums
            .Where(entry => merchant is null || entry.Key.Merchant == merchant)
            .GroupBy(entry => entry.Key.Currency, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (group.Sum(e => e.Value.Count), group.Sum(e => e.Value.Sum)), StringComparer.Ordinal);

        public void Clear()
        {
            sums.Clear();
            recent.Clear();
            readTo = DateTimeOffset.UnixEpoch;
        }

        private static string Text(SearchAttributeCollection attributes, SearchAttributeKey<string> key) => attributes.TryGetValue(key, out var value) ? value : "";
    }
}
