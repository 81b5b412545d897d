using Microsoft.AspNetCore.Http.Features;
using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Http;

/// <summary>Keys, and reading the ledger.</summary>
internal sealed class LedgerEndpoints(CardLedger ledger)
{
    public void Map(IEndpointRouteBuilder app)
    {
        // Catch-all, because a key may hold a slash however it was encoded.
        app.MapGet("/keys/{**key}", FindKeyAsync);
        app.MapDelete("/keys/{**key}", VoidKeyAsync);
        app.MapGet("/charges", http => ListAsync(http, books => books.Charges));
        app.MapGet("/refunds", http => ListAsync(http, books => books.Refunds));
        app.MapGet("/attempts", AttemptsAsync);
        app.MapGet("/payments/{**paymentId}", PaymentAsync);
        app.MapGet("/stats", async http => await Reply.JsonAsync(http, StatusCodes.Status200OK, await ledger.ReadAsync(Stats), GatewayJson.Default.LedgerStats));
        app.MapDelete("/", async http =>
        {
            await ledger.ClearAsync();
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    private async Task FindKeyAsync(HttpContext http)
    {
        var known = await ledger.FindAsync(Rest(http, "/keys/"));
        await (known is null
            ? Reply.ErrorAsync(http, StatusCodes.Status404NotFound, "unknown_key", "No request under this key came to an end.")
            : Reply.JsonAsync(http, StatusCodes.Status200OK, Answer.From(known, known.Outcome, replayed: true), GatewayJson.Default.Answer));
    }

    private async Task VoidKeyAsync(HttpContext http)
    {
        var decision = ledger.Void(Rest(http, "/keys/"));
        await decision.Durable;
        var status = decision.Outcome is Outcomes.Voided or Outcomes.Declined ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        await Reply.JsonAsync(http, status, Answer.From(decision.Record, decision.Outcome, decision.Repetition), GatewayJson.Default.Answer);
    }

    private async Task ListAsync(HttpContext http, Func<LedgerBooks, IReadOnlyList<LedgerEntry>> which)
    {
        var wanted = Filter(http);
        var found = await ledger.ReadAsync(books => which(books).Where(wanted).ToArray());
        await Reply.JsonAsync(http, StatusCodes.Status200OK, [.. found.Select(Movement.From)], GatewayJson.Default.MovementArray);
    }

    private async Task AttemptsAsync(HttpContext http)
    {
        var wanted = Filter(http);
        var found = await ledger.ReadAsync(books => books.Attempts.Where(wanted).ToArray());
        await Reply.JsonAsync(http, StatusCodes.Status200OK,
            [.. found.Select(e => new Attempt(e.Seq, e.Operation, e.Key, e.Merchant, e.PaymentId, e.Outcome, e.Repetition, e.At))],
            GatewayJson.Default.AttemptArray);
    }

    private async Task PaymentAsync(HttpContext http)
    {
        var paymentId = Rest(http, "/payments/");
        var wanted = Filter(http);
        var moved = await ledger.ReadAsync(books => books.MovementsOf(paymentId).Where(wanted).ToArray());
        if (moved.Length == 0)
        {
            await Reply.ErrorAsync(http, StatusCodes.Status404NotFound, "unknown_payment", "No money moved for this payment.");
            return;
        }
        var charges = moved.Where(e => e.Operation == Operations.Charge).Select(Movement.From).ToArray();
        var refunds = moved.Where(e => e.Operation == Operations.Refund).Select(Movement.From).ToArray();
        await Reply.JsonAsync(http, StatusCodes.Status200OK,
            new PaymentMovements(paymentId, charges.Sum(m => m.Amount), refunds.Sum(m => m.Amount), charges, refunds), GatewayJson.Default.PaymentMovements);
    }

    private static LedgerStats Stats(LedgerBooks books) => new(
        books.Charges.Count, books.Refunds.Count, books.Attempts.Count,
        new Dictionary<string, long>(books.Charged), new Dictionary<string, long>(books.Refunded));

    private static Func<LedgerEntry, bool> Filter(HttpContext http)
    {
        var payment = http.Request.Query.TryGetValue("paymentId", out var p) ? p.ToString() : null;
        var merchant = http.Request.Query.TryGetValue("merchant", out var m) ? m.ToString() : null;
        return entry => (payment is null || entry.PaymentId == payment) && (merchant is null || entry.Merchant == merchant);
    }

    // From the raw target: routing decodes all but %2F, so that afterwards a slash and a key that holds the text "%2F" cannot be told apart.
    private static string Rest(HttpContext http, string prefix)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        return Uri.UnescapeDataString(path[(path.IndexOf(prefix, StringComparison.OrdinalIgnoreCase) + prefix.Length)..]);
    }
}
