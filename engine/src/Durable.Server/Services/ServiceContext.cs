using System.Diagnostics;
using System.Text;
using Durable.Protocol;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Namespaces;
using Durable.Server.Storage;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Failure.V1;

namespace Durable.Server.Services;

/// <summary>What the services share.</summary>
internal sealed record ServiceContext(
    ServerEngine Engine, TaskMatcher Matcher, NamespaceRegistry Namespaces, IServerStore Store, TimeProvider Clock, ServerMetrics Metrics, ILogger Logger)
{
    private const int MaximumIdBytes = 1000;

    public RunContext Runs => Engine.Context;

    /// <summary>Adds a method to the router, with metrics and a log line around it.</summary>
    public void Map<TRequest, TResponse>(
        RpcRouter router, RpcMethod<TRequest, TResponse> method, Func<TRequest, RpcServerCall, Task<TResponse>> handler, bool isPoll = false)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => router.Map(method, async (request, call) =>
        {
            var started = Stopwatch.GetTimestamp();
            string? code = null;
            try
            {
                return await handler(request, call).ConfigureAwait(false);
            }
            catch (RpcFaultException fault)
            {
                code = fault.Code.ToString();
                Logger.LogDebug("{Method} answered {Code}: {Message}", method.Name, fault.Code, fault.Message);
                throw;
            }
            catch (StoreUnavailableException unavailable)
            {
                code = nameof(RpcStatusCode.Unavailable);
                Logger.LogWarning(unavailable, "{Method} could not use the store", method.Name);
                throw Faults.Unavailable(unavailable.Message);
            }
            catch (OperationCanceledException)
            {
                code = nameof(RpcStatusCode.Cancelled);
                throw;
            }
            catch (Exception unexpected)
            {
                code = nameof(RpcStatusCode.Internal);
                Logger.LogError(unexpected, "{Method} failed", method.Name);
                throw;
            }
            finally
            {
                Metrics.Called(method.Name, Stopwatch.GetElapsedTime(started), isPoll, code);
            }
        });

    public static void RequireId(string id, string field)
    {
        if (id.Length == 0)
        {
            throw Faults.InvalidArgument($"{field} is not set on request.");
        }
        RequireLength(id, field);
    }

    /// <summary>At most a thousand bytes, in the genuine server's words, which differ.</summary>
    public static void RequireLength(string text, string field)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MaximumIdBytes)
        {
            throw Faults.InvalidArgument(field switch
            {
                "WorkflowId" => $"WorkflowId exceeds maximum allowed length ({bytes}/{MaximumIdBytes})",
                "TaskQueue" => "taskQueue length exceeds limit",
                _ => $"{field} length exceeds limit.",
            });
        }
    }

    public static void RequireExecution(WorkflowExecution? execution)
    {
        if (execution is null)
        {
            throw Faults.InvalidArgument("Execution is not set on request.");
        }
        RequireId(execution.WorkflowId, "WorkflowId");
    }

    public const string BlobTooLarge = "Blob data size exceeds limit.";

    public void RequireBlob(IMessage? blob)
    {
        if (IsTooLarge(blob))
        {
            throw Faults.InvalidArgument(BlobTooLarge);
        }
    }

    /// <summary>A failure that is kept in the history: what does not fit is cut, and the reason told instead, which no retry helps.</summary>
    public Failure? Bound(Failure? failure) => !IsTooLarge(failure) ? failure : new Failure
    {
        Message = "Failure exceeds size limit.",
        Cause = Failures.Truncate(failure!, Runs.Limits.CutFailureBytes),
        ServerFailureInfo = new() { NonRetryable = true },
    };

    public bool IsTooLarge(IMessage? blob) => blob is not null && blob.CalculateSize() > Runs.Limits.BlobBytes;

    /// <summary>Names, values and sizes; fills in the <c>type</c> metadata.</summary>
    public void RequireSearchAttributes(string namespaceName, SearchAttributes? attributes)
    {
        if (attributes is not null && (Namespaces.Check(namespaceName, attributes) ?? Runs.Limits.CheckSize(attributes)) is { } wrong)
        {
            throw Faults.InvalidArgument(wrong);
        }
    }

    /// <exception cref="RpcFaultException">FAILED_PRECONDITION: no worker of the version polls the queue, so nobody would ever take the workflow up.</exception>
    public void RequireVersion(string namespaceName, string queue, WorkerDeploymentVersion version)
    {
        if (!Runs.HasVersion(namespaceName, queue, version))
        {
            throw Faults.FailedPrecondition(
                $"Pinned version '{version.DeploymentName}:{version.BuildId}' is not present in task queue '{queue}' of type 'Workflow'");
        }
    }

    /// <exception cref="RpcFaultException">INVALID_ARGUMENT: no token, or not one of ours.</exception>
    public static TaskToken ReadToken(ByteString token)
    {
        if (token.IsEmpty)
        {
            throw Faults.InvalidArgument("Task token not set on request.");
        }
        try
        {
            var read = TaskToken.Parser.ParseFrom(token);
            if (read.RunId.Length > 0 && read.WorkflowId.Length > 0)
            {
                return read;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Said below.
        }
        throw Faults.InvalidArgument("Error deserializing task token.");
    }

    public static RunKey KeyOf(TaskToken token) => new(token.Namespace, token.WorkflowId, token.RunId);

    /// <summary>Takes a run and all that belongs to it away; a running one is terminated first.</summary>
    public async Task DeleteRunAsync(RunKey key)
    {
        await Engine.WithRunAsync(key, static (run, now) =>
        {
            if (run.IsRunning)
            {
                run.Terminate("Delete workflow execution", null, "history-service", now);
            }
            return true;
        }).ConfigureAwait(false);
        await Engine.DeleteAsync(key).ConfigureAwait(false);
    }

    /// <summary>The run of a request that may also say how its chain must have begun.</summary>
    public async Task<RunKey> ResolveAsync(string namespaceName, WorkflowExecution execution, string firstRunId)
    {
        RequireExecution(execution);
        var key = await Engine.ResolveAsync(namespaceName, execution.WorkflowId, execution.RunId).ConfigureAwait(false);
        if (firstRunId.Length > 0 && await Engine.WithRunAsync(key, static (run, _) => run.FirstRunId).ConfigureAwait(false) != firstRunId)
        {
            throw Faults.FirstRunDiffers();
        }
        return key;
    }

    /// <summary>
    /// A command for the run of a request. One that names no run means the latest: also when that was followed by another one while the command waited for it.
    /// </summary>
    public async Task<(RunKey Run, T Result)> WithNamedRunAsync<T>(
        string namespaceName, WorkflowExecution execution, string firstRunId, Func<Executions.Execution, DateTimeOffset, T> command)
    {
        RunKey? closed = null;
        while (true)
        {
            var key = await ResolveAsync(namespaceName, execution, firstRunId).ConfigureAwait(false);
            var isMeant = execution.RunId.Length > 0 || key == closed;
            var (done, result) = await Engine.WithRunAsync(key, (run, now) => isMeant || run.IsRunning ? (true, command(run, now)) : (false, default(T)!)).ConfigureAwait(false);
            if (done)
            {
                return (key, result);
            }
            closed = key;
        }
    }
}
