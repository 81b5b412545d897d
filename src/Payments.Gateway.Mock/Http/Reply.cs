using System.Text.Json.Serialization.Metadata;
using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Http;

internal static class Reply
{
    public static Task DecisionAsync(HttpContext http, Decision decision)
    {
        if (decision.Outcome == Outcomes.Unavailable)
        {
            return FaultAsync(http, StatusCodes.Status503ServiceUnavailable);
        }
        var replayed = decision.Repetition && decision.Outcome is (Outcomes.Captured or Outcomes.Refunded or Outcomes.Declined);
        if (decision.Repetition)
        {
            http.Response.Headers["Idempotent-Replayed"] = "true";
        }
        var status = decision.Outcome switch
        {
            Outcomes.Captured or Outcomes.Refunded => decision.Repetition ? StatusCodes.Status200OK : StatusCodes.Status201Created,
            Outcomes.Declined => StatusCodes.Status402PaymentRequired,
            Outcomes.Mismatch => StatusCodes.Status409Conflict,
            Outcomes.Voided => StatusCodes.Status410Gone,
            _ => throw new InvalidOperationException($"Bug: a decision cannot be \"{decision.Outcome}\"."),
        };
        return JsonAsync(http, status, Answer.From(decision.Record, decision.Outcome, replayed), GatewayJson.Default.Answer);
    }

    /// <summary>An error that says nothing about what happened, as a broken gateway would.</summary>
    public static Task FaultAsync(HttpContext http, int status)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "1";
            return ErrorAsync(http, status, "unavailable", "Not now; nothing happened.");
        }
        return ErrorAsync(http, status, "internal_error", "Something went wrong.");
    }

    public static Task ErrorAsync(HttpContext http, int status, string code, string message) =>
        JsonAsync(http, status, new ErrorBody(code, message), GatewayJson.Default.ErrorBody);

    public static Task JsonAsync<T>(HttpContext http, int status, T body, JsonTypeInfo<T> type)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, type);
    }
}
