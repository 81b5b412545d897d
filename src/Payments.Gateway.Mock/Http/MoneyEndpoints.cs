using Payments.Gateway.Mock.Faults;
using Payments.Gateway.Mock.Ledger;

namespace Payments.Gateway.Mock.Http;

/// <summary>
/// <c>POST /charges</c> and <c>/refunds</c>: faults before, the decision, faults after, the answer. From the moment the request is read
/// nothing here watches whether the caller is still there: a gateway that has a request carries it out.
/// </summary>
internal sealed class MoneyEndpoints(CardLedger ledger, FaultBox faults, Gates gates, TimeProvider clock, IHostApplicationLifetime host)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/charges", async http => await AnswerAsync(http, await MoneyRequests.ReadChargeAsync(http.Request)));
        app.MapPost("/refunds", async http => await AnswerAsync(http, await MoneyRequests.ReadRefundAsync(http.Request)));
    }

    private async Task AnswerAsync(HttpContext http, (MoneyRequest? Request, string? Problem) read)
    {
        if (read.Request is not { } request)
        {
            await Reply.ErrorAsync(http, StatusCodes.Status400BadRequest, "invalid_request", read.Problem!);
            return;
        }
        var token = request.PaymentMethod is { } method ? TestToken.Parse(method) : new TestToken();
        var fate = faults.Draw(request);
        if (await EndsBeforeAsync(http, request, fate))
        {
            return;
        }
        await WaitAsync(fate.Latency + token.Wait);

        var decision = ledger.Decide(request, fate.Is(FaultActions.Decline) ? fate.Rule!.Code : null);
        await decision.Durable;
        GatewayMeters.Count(request.Operation, decision);

        if (await EndsAfterAsync(http, fate) || await IsLostAsync(http, decision, token.AfterCharge))
        {
            return;
        }
        await Reply.DecisionAsync(http, decision);
    }

    private async Task<bool> EndsBeforeAsync(HttpContext http, MoneyRequest request, Fate fate)
    {
        switch (fate.Rule?.Action)
        {
            case FaultActions.Fail:
                var status = fate.Rule.Status ?? StatusCodes.Status503ServiceUnavailable;
                await ledger.Note(request, status == StatusCodes.Status503ServiceUnavailable ? Outcomes.Unavailable : Outcomes.Error);
                await Reply.FaultAsync(http, status);
                return true;
            case FaultActions.Drop:
                await ledger.Note(request, Outcomes.Dropped);
                http.Abort();
                return true;
            case FaultActions.Delay:
                await WaitAsync(TimeSpan.FromMilliseconds(fate.Rule.DelayMs));
                return false;
            case FaultActions.Hold:
                await gates[fate.Rule.Gate!].PassAsync().WaitAsync(host.ApplicationStopping);
                return false;
            default:
                return false;
        }
    }

    private async Task<bool> EndsAfterAsync(HttpContext http, Fate fate)
    {
        switch (fate.Rule?.Action)
        {
            case FaultActions.FailAfter:
                await Reply.FaultAsync(http, fate.Rule.Status ?? StatusCodes.Status500InternalServerError);
                return true;
            case FaultActions.DropAfter:
                http.Abort();
                return true;
            case FaultActions.DelayAfter:
                await WaitAsync(TimeSpan.FromMilliseconds(fate.Rule.DelayMs));
                return false;
            case FaultActions.HoldAfter:
                await gates[fate.Rule.Gate!].PassAsync().WaitAsync(host.ApplicationStopping);
                return false;
            default:
                return false;
        }
    }

    private async Task<bool> IsLostAsync(HttpContext http, Decision decision, LostAnswer how)
    {
        if (decision.Repetition || decision.Outcome != Outcomes.Captured)
        {
            return false;
        }
        switch (how)
        {
            case LostAnswer.Hang:
                using (var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, host.ApplicationStopping))
                {
                    var never = new TaskCompletionSource();
                    await using var ended = over.Token.Register(never.SetResult);
                    await never.Task;
                }
                http.Abort();
                return true;
            case LostAnswer.ServerError:
                await Reply.FaultAsync(http, StatusCodes.Status500InternalServerError);
                return true;
            case LostAnswer.Drop:
                http.Abort();
                return true;
            default:
                return false;
        }
    }

    private Task WaitAsync(TimeSpan time) => time == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(time, clock, host.ApplicationStopping);
}
