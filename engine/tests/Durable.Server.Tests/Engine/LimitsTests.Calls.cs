using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Tests.Executions;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Engine;

// The calls that the rows make.
public partial class LimitsTests
{
    private static Payloads Blob(int bytes) => new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(new byte[bytes]) } } };

    private static Memo Memo(int bytes) => new() { Fields = { ["memo"] = Blob(bytes).Payloads_[0] } };

    private static SearchAttributes Attributes(params (string Name, string Json)[] attributes)
    {
        var made = new SearchAttributes();
        foreach (var (name, json) in attributes)
        {
            made.IndexedFields[name] = new Payload { Data = ByteString.CopyFromUtf8(json) };
        }
        return made;
    }

    private static Command Child(Action<StartChildWorkflowExecutionCommandAttributes> configure)
    {
        var command = WorkerCommands.Child("child");
        configure(command.StartChildWorkflowExecutionCommandAttributes);
        return command;
    }

    private static Command Continue(Action<ContinueAsNewWorkflowExecutionCommandAttributes> configure)
    {
        var command = WorkerCommands.ContinueAsNew();
        configure(command.ContinueAsNewWorkflowExecutionCommandAttributes);
        return command;
    }

    private static Command Upsert((string Name, string Json) attribute) => new()
    {
        CommandType = CommandType.UpsertWorkflowSearchAttributes,
        UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = Attributes(attribute) },
    };

    private static Task StartAsync(TestServer server, params (string Name, string Json)[] attributes) =>
        server.StartAsync("new", configure: request => request.SearchAttributes = Attributes(attributes));

    private static Task RegisterAsync(TestServer server, IEnumerable<(string Name, IndexedValueType Type)> attributes)
    {
        var request = new AddSearchAttributesRequest { Namespace = TestServer.Namespace };
        foreach (var (name, type) in attributes)
        {
            request.SearchAttributes[name] = type;
        }
        return server.CallAsync(OperatorServiceMethods.AddSearchAttributes, request);
    }

    private static Task SignalAsync(TestServer server, Action<SignalWorkflowExecutionRequest> configure)
    {
        var request = new SignalWorkflowExecutionRequest { Namespace = TestServer.Namespace, WorkflowExecution = new() { WorkflowId = "w" }, SignalName = "signal" };
        configure(request);
        return server.CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, request);
    }

    private static Task QueryAsync(TestServer server, Payloads? args) => server.CallAsync(
        WorkflowServiceMethods.QueryWorkflow,
        new QueryWorkflowRequest { Namespace = TestServer.Namespace, Execution = new() { WorkflowId = "w" }, Query = new() { QueryType = "query", QueryArgs = args } });

    private static Task PollAsync(TestServer server, string identity) => server.CallAsync(
        WorkflowServiceMethods.PollWorkflowTaskQueue,
        new PollWorkflowTaskQueueRequest { Namespace = TestServer.Namespace, TaskQueue = new() { Name = TestServer.Queue }, Identity = identity });

    private static Task<RecordActivityTaskHeartbeatResponse> HeartbeatAsync(TestServer server, PollActivityTaskQueueResponse task, int bytes) => server.CallAsync(
        WorkflowServiceMethods.RecordActivityTaskHeartbeat,
        new RecordActivityTaskHeartbeatRequest { Namespace = TestServer.Namespace, TaskToken = task.TaskToken, Details = Blob(bytes) });

    private static Task<RespondActivityTaskFailedResponse> FailAsync(TestServer server, PollActivityTaskQueueResponse task, int messageBytes, int heartbeatBytes) => server.CallAsync(
        WorkflowServiceMethods.RespondActivityTaskFailed,
        new RespondActivityTaskFailedRequest
        {
            Namespace = TestServer.Namespace,
            TaskToken = task.TaskToken,
            Failure = new() { Message = new string('x', messageBytes), ApplicationFailureInfo = new() { Type = "Broken" } },
            LastHeartbeatDetails = heartbeatBytes > 0 ? Blob(heartbeatBytes) : null,
        });

    private static async Task RefusedAsync(Func<Task> call, RpcStatusCode code, string message)
    {
        var fault = await Should.ThrowAsync<RpcFaultException>(call);
        fault.Code.ShouldBe(code);
        fault.Message.ShouldBe(message);
    }
}
