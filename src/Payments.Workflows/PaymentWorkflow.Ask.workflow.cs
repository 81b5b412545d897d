using Payments.Ids;
using Temporalio.Workflows;

namespace Payments.Workflows;

public sealed partial class PaymentWorkflow
{
    public const string Status = "Status";
    public const string Ask = "Ask";
    public const string Records = "Records";
    public const string Attach = "Attach";

    /// <summary>The payment, or null while it is empty.</summary>
    [WorkflowQuery(Status)]
    public PaymentView? GetStatus() => state.IsEmpty ? null : payment;

    /// <summary>What became of a request: the record of its key, whatever body it stands for, and why the request itself was refused, if it was.</summary>
    /// <param name="operation">Create, Refund or Cancel.</param>
    /// <param name="fingerprint">Of the request; null asks for the key alone.</param>
    [WorkflowQuery(Ask)]
    public Answer GetAnswer(string operation, string keyHash, string? fingerprint)
    {
        var entry = keys.Find(keyHash) is { } found && found.Operation == operation ? found : null;
        var refusal = fingerprint is null || entry?.Fingerprint == fingerprint
            ? null
            : refusals.GetValueOrDefault(PaymentIds.Update(operation, keyHash, fingerprint));
        return new Answer(entry is null ? null : RecordOf(entry), refusal, GetStatus());
    }

    /// <summary>Every record of a key, newest first, found by the hash of merchant and key alone.</summary>
    [WorkflowQuery(Records)]
    public IReadOnlyList<KeyRecord> GetRecords(string searchHash) =>
        [.. keys.Entries.Where(entry => entry.SearchHash == searchHash).OrderByDescending(entry => entry.Created).Select(RecordOf)];

    /// <summary>Waits for the outcome of a request that was taken before, also by signal. All who wait for one request share one update.</summary>
    [WorkflowUpdate(Attach, UnfinishedPolicy = HandlerUnfinishedPolicy.Abandon)]
    public Task<PaymentOutcome> AttachAsync(string keyHash, string fingerprint) => OutcomeOfAsync(keys.Find(keyHash)!);

    [WorkflowUpdateValidator(nameof(AttachAsync))]
    public void ValidateAttach(string keyHash, string fingerprint)
    {
        if (keys.Find(keyHash)?.Fingerprint != fingerprint)
        {
            Throw(new(OutcomeCodes.NotFound, "The payment does not know this request."));
        }
    }

    private static KeyRecord RecordOf(KeyEntry entry) => new(
        entry.Outcome switch
        {
            null => KeyRecord.Processing,
            { Code: OutcomeCodes.Captured or OutcomeCodes.Refunded or OutcomeCodes.Cancelled or OutcomeCodes.NothingToCancel } => KeyRecord.Completed,
            _ => KeyRecord.Failed,
        },
        entry.Operation, entry.KeyHash, entry.Fingerprint, entry.HasKey, entry.Created, entry.Expires, entry.Outcome);
}
