using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Payments.Telemetry;

namespace Payments.Ingress;

/// <summary>
/// Run or attach: whoever comes first with an identity executes, everyone gets the outcome. Replays come from the cache or the engine's own record; who waits
/// too long is told "accepted" only after the request is in the history.
/// </summary>
public sealed partial class InvocationRunner(
    OutcomeCache cache, FlightTable flights, SubmittedRecently submitted, IEnumerable<IIngressHooks> hooks, TimeProvider time,
    IOptions<IdempotencyOptions> options, IOptions<LimitOptions> limits, ILogger<InvocationRunner> logger)
{
    private readonly IIngressHooks[] hooks = [.. hooks];
    private readonly IdempotencyOptions options = options.Value;

    /// <summary>Longer than any caller may wait, so that the flight outlives its callers; short enough to free what a lost engine holds.</summary>
    private readonly TimeSpan flightTime = options.Value.WaitMax + TimeSpan.FromSeconds(5);

    /// <summary>Answers a call: the outcome, or 202 when that is what the caller prefers or its wait is over.</summary>
    public async Task CallAsync(HttpContext http, Invocation invocation)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(invocation);
        var started = time.GetTimestamp();
        await CountedAsync(http, invocation, async () =>
        {
            if (cache.Find(invocation.Identity) is { } kept)
            {
                await AnswerAsync(http, invocation, kept, started, fromDoor: true).ConfigureAwait(false);
                return;
            }
            var (preferences, error) = Preferences.Parse(http.Request.Headers[ApiHeaders.Prefer], options);
            if (error is not null)
            {
                throw new ProblemException(Problem.Field(ApiHeaders.Prefer, error));
            }
            if (preferences.RespondAsync)
            {
                await SubmitAsync(http, invocation, TimeSpan.Zero, replay: known => AnswerAsync(http, invocation, known, started, fromDoor: false)).ConfigureAwait(false);
                return;
            }
            await WaitAsync(http, invocation, preferences.Wait, started).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Answers a send: 202 once the request is in the history.</summary>
    public Task SendAsync(HttpContext http, Invocation invocation, TimeSpan delay) => CountedAsync(http, invocation, () => SubmitAsync(http, invocation, delay));

    /// <param name="replay">What to do with an outcome that is there already; null says "accepted" all the same.</param>
    private async Task SubmitAsync(HttpContext http, Invocation invocation, TimeSpan delay, Func<Reply, Task>? replay = null)
    {
        var known = await LookAsync(invocation, http.RequestAborted).ConfigureAwait(false) ?? new Known(KnownState.Unknown);
        CheckSameBody(known, invocation);
        if (known.Reply is { Final: false, Problem: { } refusal } && refusal.Type == ProblemType.KeyReused)
        {
            // Sent before, when nobody was there to say so at once.
            throw new ProblemException(refusal);
        }
        var before = known.State != KnownState.Unknown && known.Reply is not { Final: false } && (known.Fingerprint == invocation.Fingerprint);
        if (before && replay is not null && known.Reply is { } outcome)
        {
            await replay(outcome).ConfigureAwait(false);
            return;
        }
        if (!before)
        {
            await PutIntoHistoryAsync(invocation, delay).ConfigureAwait(false);
            submitted.Remember(invocation.Identity);
        }
        PaymentMeters.Requests.Add(1, PaymentMeters.Operation(invocation.Handler.Name), PaymentMeters.Result("accepted"));
        await AcceptAsync(
            http, invocation, before ? "PreviouslyAccepted" : "Accepted", delay > TimeSpan.Zero && !before ? time.GetUtcNow() + delay : null).ConfigureAwait(false);
    }

    /// <summary>What is counted, traced and told of every request, whatever becomes of it.</summary>
    private async Task CountedAsync(HttpContext http, Invocation invocation, Func<Task> answer)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(invocation);
        var operation = PaymentMeters.Operation(invocation.Handler.Name);
        PaymentMeters.InFlight.Add(1, operation);
        Activity.Current?.SetTag("idempotency.key_hash", invocation.KeyHash).SetTag("temporalWorkflowID", invocation.WorkflowId);
        try
        {
            await answer().ConfigureAwait(false);
        }
        catch (ProblemException e)
        {
            CountRefusal(e.Problem, invocation, operation);
            throw new ProblemException(Adapt(e.Problem));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            PaymentMeters.Requests.Add(1, operation, PaymentMeters.Result("abandoned"));
            throw;
        }
        catch (Exception e) when (EngineFaults.ToProblem(e) is { } problem)
        {
            PaymentMeters.Requests.Add(1, operation, PaymentMeters.Result("unavailable"));
            LogEngine(logger, e.GetType().Name, e.Message);
            throw new ProblemException(problem with { InvocationId = invocation.Id });
        }
        finally
        {
            PaymentMeters.InFlight.Add(-1, operation);
        }
    }

    private async Task WaitAsync(HttpContext http, Invocation invocation, TimeSpan wait, long started)
    {
        var reject = string.Equals(http.Request.Headers[ApiHeaders.IdempotencyConflict].ToString(), "reject", StringComparison.OrdinalIgnoreCase);
        if (reject)
        {
            var known = await invocation.Handler.LookAsync(IdOf(invocation), http.RequestAborted).ConfigureAwait(false);
            if (known.State == KnownState.Running && known.Fingerprint == invocation.Fingerprint)
            {
                throw StillRunning(invocation, known.CurrentStatus);
            }
        }
        var leads = flights.Join(invocation, limits.Value.InFlightPerPayment, () => RunAsync(invocation), out var flight);
        if (!leads)
        {
            if (reject)
            {
                throw StillRunning(invocation, null);
            }
            PaymentMeters.ConcurrentWaits.Add(1, PaymentMeters.Operation(invocation.Handler.Name));
        }
        Reply reply;
        try
        {
            reply = wait == TimeSpan.Zero && !flight.IsCompleted
                ? throw new TimeoutException()
                : await flight.WaitAsync(wait, time, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (EngineFaults.IsTimeout(e) && !http.RequestAborted.IsCancellationRequested))
        {
            var known = await MakeSureAsync(http, invocation).ConfigureAwait(false);
            if (known is { State: KnownState.Ready, Reply: { } late })
            {
                await AnswerAsync(http, invocation, late, started, fromDoor: false).ConfigureAwait(false);
                return;
            }
            PaymentMeters.Requests.Add(1, PaymentMeters.Operation(invocation.Handler.Name), PaymentMeters.Result("pending"));
            await AcceptAsync(http, invocation, known?.CurrentStatus ?? "accepted", null).ConfigureAwait(false);
            return;
        }
        if (!leads)
        {
            var waited = time.GetElapsedTime(started);
            PaymentMeters.WaitSeconds.Record(waited.TotalSeconds, PaymentMeters.Operation(invocation.Handler.Name), PaymentMeters.Path(replay: true));
            Activity.Current?.SetTag("idempotency.waited_ms", (long)waited.TotalMilliseconds);
        }
        await AnswerAsync(http, invocation, reply, started, fromDoor: false).ConfigureAwait(false);
    }

    /// <summary>
    /// The wait is over. The update may be no more than a thought in the engine's memory, and what is promised now has to be in the history: either the
    /// payment has the request already, or it is put there now.
    /// </summary>
    private async Task<Known?> MakeSureAsync(HttpContext http, Invocation invocation)
    {
        var known = await LookAsync(invocation, http.RequestAborted).ConfigureAwait(false);
        if (known is null or { State: KnownState.Unknown })
        {
            await submitted.OnceAsync(invocation.Identity, () => PutIntoHistoryAsync(invocation, TimeSpan.Zero)).ConfigureAwait(false);
            // Who was not there to answer the first question is not asked a second one.
            known = known is null ? null : await LookAsync(invocation, http.RequestAborted).ConfigureAwait(false);
        }
        if (known is not null)
        {
            CheckSameBody(known, invocation);
        }
        return known;
    }

    // A caller that goes away has sent its request all the same; an engine that is silent must not hold one that stays far beyond its wait.
    private async Task PutIntoHistoryAsync(Invocation invocation, TimeSpan delay)
    {
        using var late = new CancellationTokenSource(limits.Value.SubmitTimeout, time);
        await invocation.Handler.SubmitAsync(invocation, delay, late.Token).ConfigureAwait(false);
    }

    private async Task<Reply> RunAsync(Invocation invocation)
    {
        using var giveUp = new CancellationTokenSource(flightTime, time);
        var reply = await invocation.Handler.RunAsync(invocation, giveUp.Token).ConfigureAwait(false);
        cache.Add(invocation.Identity, reply);
        return reply;
    }

    /// <summary>Writes a final answer; also for attach and output, where the caller is never the first.</summary>
    public Task AnswerAsync(HttpContext http, Invocation invocation, Reply reply, long started, bool fromDoor)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(reply);
        if (reply is { Final: false, Problem: { } refusal })
        {
            // Refused by state, after it was put into the history: nothing is stored under the key, so nothing is replayed.
            throw new ProblemException(Adapt(refusal));
        }
        var replay = fromDoor || reply.Nonce != invocation.Nonce;
        if (invocation.Given is null)
        {
            Count(invocation, reply, replay, started);
            if (replay)
            {
                TellHooks(invocation, reply, fromDoor);
            }
        }
        Activity.Current?.SetTag("idempotency.cache_hit", replay);

        var headers = http.Response.Headers;
        headers[ApiHeaders.Replayed] = replay ? "true" : "false";
        if (replay)
        {
            headers[ApiHeaders.XReplay] = "true";
        }
        if (reply.Expires is { } expires)
        {
            headers[ApiHeaders.Expires] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        headers[ApiHeaders.InvocationId] = invocation.Id;
        headers[ApiHeaders.RestateId] = invocation.Id;
        if (reply.Problem is { } problem)
        {
            return http.WriteProblemAsync(problem, options.RetryInterval);
        }
        http.Response.StatusCode = replay && options.ReplayStatus == ReplayStatus.Ok ? StatusCodes.Status200OK : reply.FirstStatus;
        return http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            reply.WriteMembers!(json, invocation);
            json.WriteString(invocation.Shape == Shape.Decimal ? "idempotency_key" : "idempotencyKey", invocation.RawKey);
            if (options.IncludeCached)
            {
                json.WriteBoolean("cached", replay);
            }
            json.WriteEndObject();
        });
    }

    private void Count(Invocation invocation, Reply reply, bool replay, long started)
    {
        var operation = PaymentMeters.Operation(invocation.Handler.Name);
        (replay ? PaymentMeters.CacheHits : PaymentMeters.PaymentsTotal).Add(1, operation, PaymentMeters.Outcome(reply.Outcome));
        PaymentMeters.Requests.Add(1, operation, PaymentMeters.Result(replay ? "replay" : "new"));
        PaymentMeters.PaymentSeconds.Record(time.GetElapsedTime(started).TotalSeconds, operation, PaymentMeters.Path(replay));
    }

    /// <summary>202: the request is in the history and goes on without the caller.</summary>
    public Task AcceptAsync(HttpContext http, Invocation invocation, string status, DateTimeOffset? executionTime)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(invocation);
        var headers = http.Response.Headers;
        headers[ApiHeaders.InvocationId] = invocation.Id;
        headers[ApiHeaders.RestateId] = invocation.Id;
        headers[ApiHeaders.ShouldRetry] = "true";
        headers.Location = "/restate/attach/" + invocation.Id;
        headers.RetryAfter = ProblemWriter.Seconds(options.RetryInterval);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return http.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("invocationId", invocation.Id);
            json.WriteString("status", status);
            if (executionTime is { } at)
            {
                json.WriteString("executionTime", PaymentBodies.Time(at));
            }
            json.WriteEndObject();
        });
    }

    private static InvocationId IdOf(Invocation invocation) => new(invocation.WorkflowId, invocation.UpdateId);

    /// <exception cref="ProblemException">The key stands for another body.</exception>
    private void CheckSameBody(Known known, Invocation invocation)
    {
        // Without a key the path id is the key; what another body means then is for the handler to say.
        if (invocation.HasKey && known.Fingerprint is { } first && first != invocation.Fingerprint)
        {
            throw new ProblemException(Adapt(new(ProblemType.KeyReused, "The idempotency key was used with another body. Send the first body again, or use a new key.")
            {
                ExpectedFingerprint = first,
                ActualFingerprint = invocation.Fingerprint,
                InvocationId = invocation.Id,
            }));
        }
    }

    // A worker that is away must not keep a request from being accepted: then nothing is known (null), and the registry tells later.
    private static async Task<Known?> LookAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        try
        {
            using var quick = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            quick.CancelAfter(TimeSpan.FromSeconds(1));
            return await invocation.Handler.LookAsync(IdOf(invocation), quick.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (EngineFaults.IsTimeout(e) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static ProblemException StillRunning(Invocation invocation, string? status) =>
        new(new(ProblemType.InProgress, "The first request with this key is still under way.") { InvocationId = invocation.Id, CurrentStatus = status });

    private Problem Adapt(Problem problem) => problem.Type == ProblemType.KeyReused ? problem with { StatusOverride = options.MismatchStatus } : problem;

    private void CountRefusal(Problem problem, Invocation invocation, KeyValuePair<string, object?> operation)
    {
        PaymentMeters.Requests.Add(1, operation, PaymentMeters.Result("refused"));
        if (problem.Status is StatusCodes.Status409Conflict or StatusCodes.Status422UnprocessableEntity)
        {
            PaymentMeters.Conflicts.Add(1, operation, new KeyValuePair<string, object?>("reason", problem.Type.Code));
            Activity.Current?.SetTag("idempotency.conflict", problem.Type.Code);
        }
        if (problem.Type == ProblemType.KeyReused)
        {
            LogReused(logger, invocation.Merchant, invocation.Handler.Service, invocation.Handler.Name, invocation.KeyHash);
        }
    }

    private void TellHooks(Invocation invocation, Reply reply, bool fromDoor)
    {
        if (hooks.Length == 0)
        {
            return;
        }
        var seen = new DuplicateSeen(
            invocation.Handler.Service, invocation.Handler.Name, invocation.Merchant, invocation.KeyHash, reply.Customer, reply.Amount, reply.Created, fromDoor);
        foreach (var hook in hooks)
        {
            try
            {
                hook.OnDuplicate(seen);
            }
            catch (Exception e)
            {
                // The payment is made: somebody else's code must not turn that into an error.
                LogHook(logger, e, hook.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Merchant {Merchant} sent another body to {Service}/{Handler} under key {KeyHash}")]
    private static partial void LogReused(ILogger logger, string merchant, string service, string handler, string keyHash);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Hook} failed on a duplicate")]
    private static partial void LogHook(ILogger logger, Exception exception, string hook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The engine did not answer: {Kind}: {Reason}")]
    private static partial void LogEngine(ILogger logger, string kind, string reason);
}
