using Microsoft.Extensions.Logging.Abstractions;
using Payments.Connection;
using Payments.Ids;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Temporalio.Worker;

namespace Payments.Workflows.Tests;

/// <summary>A server with a virtual clock, a worker with the payment workflows, and a fake gateway.</summary>
public sealed class PaymentFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly TemporalWorker worker;
    private readonly Task running;

    private PaymentFixture(WorkflowEnvironment environment)
    {
        Environment = environment;
        worker = new TemporalWorker(
            environment.Client,
            new TemporalWorkerOptions(TaskQueues.Payments).AddWorkflow<PaymentWorkflow>().AddWorkflow<RefundWorkflow>().AddAllActivities(Gateway));
        running = worker.ExecuteAsync(stopping.Token);
    }

    public WorkflowEnvironment Environment { get; }

    public ITemporalClient Client => Environment.Client;

    public FakeGateway Gateway { get; } = new();

    public static async Task<PaymentFixture> StartAsync(bool timeSkipping = true)
    {
        var converter = PaymentsConverter.Make(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());
        var environment = timeSkipping
            ? await WorkflowEnvironment.StartTimeSkippingAsync(new() { DataConverter = converter })
            : await WorkflowEnvironment.StartLocalAsync(new() { DataConverter = converter });
        await EngineSetup.EnsureSearchAttributesAsync(environment.Client, NullLogger.Instance, TestContext.Current.CancellationToken);
        return new PaymentFixture(environment);
    }

    public static CallInfo Call(string key, string fingerprint = "1111111111111111", TimeSpan? ttl = null) =>
        new(PaymentIds.KeyHash(["test"], key), fingerprint, Guid.NewGuid().ToString("N"), true, ttl ?? TimeSpan.FromHours(24), PaymentIds.SearchHash("test", key));

    public static CreateCommand CreateOf(CallInfo call, long amount = 10_000, string token = "tok_success") => new(call, amount, "USD", "shoes", "cust-1", token);

    public WorkflowHandle Payment(string id) => Client.GetWorkflowHandle(PaymentIds.Payment("test", id));

    public Task<PaymentOutcome> CreateAsync(string id, CreateCommand command, TimeSpan? refundWindow = null) =>
        Client.ExecuteUpdateWithStartWorkflowAsync<PaymentOutcome>(
            PaymentWorkflow.Create, [command],
            new(PaymentIds.Update(PaymentWorkflow.Create, command.Call.KeyHash, command.Call.Fingerprint), WithStartWorkflowOperation.Create(
                PaymentWorkflow.TypeName, [new PaymentStart("test", id, refundWindow ?? TimeSpan.FromDays(180))], StartOptions(id, PaymentStatuses.Processing))));

    public Task SubmitAsync(string id, CreateCommand command, TimeSpan delay)
    {
        var options = StartOptions(id, delay > TimeSpan.Zero ? PaymentStatuses.Scheduled : PaymentStatuses.Processing);
        options.SignalWithStart(PaymentWorkflow.Submit, [new Submission(command, null, null, delay)]);
        return Client.StartWorkflowAsync(PaymentWorkflow.TypeName, [new PaymentStart("test", id, TimeSpan.FromDays(180))], options);
    }

    public Task<PaymentOutcome> RefundAsync(string id, CallInfo call, long? amount = null) =>
        Payment(id).ExecuteUpdateAsync<PaymentOutcome>(
            PaymentWorkflow.Refund, [new RefundCommand(call, amount, null)], new(PaymentIds.Update(PaymentWorkflow.Refund, call.KeyHash, call.Fingerprint)));

    public Task<PaymentOutcome> CancelAsync(string id, CallInfo call) =>
        Payment(id).ExecuteUpdateAsync<PaymentOutcome>(
            PaymentWorkflow.Cancel, [new CancelCommand(call, null)], new(PaymentIds.Update(PaymentWorkflow.Cancel, call.KeyHash, call.Fingerprint)));

    /// <summary>The result of a payment that ends within <paramref name="life"/>. A handle that was not made by a start does not make time jump.</summary>
    public async Task ResultAsync(string id, TimeSpan life)
    {
        await Environment.DelayAsync(life);
        await Payment(id).GetResultAsync();
    }

    /// <summary>Asks until the payment has this status. The server's own time may be virtual; this waits for the worker, in real time and with a bound.</summary>
    public async Task UntilAsync(string id, string status)
    {
        for (var i = 0; i < 600; i++)
        {
            try
            {
                if ((await StatusAsync(id))?.Status == status)
                {
                    return;
                }
            }
            catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
            {
                // Not started yet.
            }
            await Task.Delay(50);
        }
        throw new TimeoutException($"{id} is {(await StatusAsync(id))?.Status}, not {status}.");
    }

    public Task SignalAsync(string id, Submission submission) => Payment(id).SignalAsync(PaymentWorkflow.Submit, [submission]);

    public Task WithdrawAsync(string id, CallInfo call) => Payment(id).SignalAsync(PaymentWorkflow.Withdraw, [call.KeyHash]);

    public Task<Answer> AskAsync(string id, string operation, CallInfo call) =>
        Payment(id).QueryAsync<Answer>(PaymentWorkflow.Ask, [operation, call.KeyHash, call.Fingerprint]);

    public Task<PaymentView?> StatusAsync(string id) => Payment(id).QueryAsync<PaymentView?>(PaymentWorkflow.Status, []);

    public async ValueTask DisposeAsync()
    {
        // A worker stops when its activities have ended: one that still waits at the gate would keep a failed test from ever saying so.
        Gateway.Gate?.TrySetResult();
        await stopping.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // How a worker says that it was asked to stop.
        }
        worker.Dispose();
        await Environment.DisposeAsync();
        stopping.Dispose();
    }

    // As the ingress starts it.
    private static WorkflowOptions StartOptions(string id, string status) => new(PaymentIds.Payment("test", id), TaskQueues.Payments)
    {
        IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting,
        IdReusePolicy = WorkflowIdReusePolicy.AllowDuplicateFailedOnly,
        TypedSearchAttributes = new SearchAttributeCollection.Builder().Set(PaymentSearchAttributes.Status, status).ToSearchAttributeCollection(),
    };
}
