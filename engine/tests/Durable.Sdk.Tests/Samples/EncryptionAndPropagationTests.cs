using System.Security.Cryptography;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Worker;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Samples;

/// <summary>A codec that encrypts everything, headers too, and interceptors that carry a value from the client into workflows and activities.</summary>
public class EncryptionAndPropagationTests
{
    private static readonly AsyncLocal<string?> User = new();

    [Fact]
    public async Task Header_ThroughACodec_ArrivesInWorkflowAndActivity()
    {
        var seen = new List<string>();
        var propagation = new Propagation(seen);
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()),
            async client =>
            {
                User.Value = "alice";
                var handle = await client.StartWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("secret name", true), SampleWorker.Start());
                (await handle.ExecuteUpdateAsync(workflow => workflow.RenameAsync("Bob"))).ShouldBe("renamed to Bob");
                (await handle.QueryAsync(workflow => workflow.State)).ShouldBe("waiting");
                await handle.SignalAsync(workflow => workflow.FinishAsync());

                (await handle.GetResultAsync()).ShouldBe("Hello, secret name!");

                (await handle.FetchHistoryAsync()).ToJson().ShouldNotContain(Convert.ToBase64String("secret name"u8));
            },
            options =>
            {
                options.DataConverter = DataConverter.Default with { PayloadCodec = new AesCodec() };
                options.Interceptors = [propagation];
            });

        seen.Distinct().Order(StringComparer.Ordinal).ShouldBe(["activity alice", "query alice", "run alice", "signal alice", "update alice"]);
    }

    private sealed class AesCodec : IPayloadCodec
    {
        private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

        public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
            Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(payload =>
            {
                var nonce = RandomNumberGenerator.GetBytes(12);
                var plain = payload.ToByteArray();
                var cipher = new byte[plain.Length];
                var tag = new byte[16];
                using var aes = new AesGcm(key, tag.Length);
                aes.Encrypt(nonce, plain, cipher, tag);
                return new Payload
                {
                    Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/encrypted") },
                    Data = ByteString.CopyFrom([.. nonce, .. tag, .. cipher]),
                };
            })]);

        public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) =>
            Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(payload =>
            {
                if (payload.Metadata["encoding"].ToStringUtf8() != "binary/encrypted")
                {
                    return payload;
                }
                var data = payload.Data.Span;
                var plain = new byte[data.Length - 28];
                using var aes = new AesGcm(key, 16);
                aes.Decrypt(data[..12], data[28..], data[12..28], plain);
                return Payload.Parser.ParseFrom(plain);
            })]);
    }

    private sealed class Propagation(List<string> seen) : IClientInterceptor, IWorkerInterceptor
    {
        private const string Key = "user";

        public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new Client(nextInterceptor);

        public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new WorkflowIn(this, nextInterceptor);

        public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new ActivityIn(this, nextInterceptor);

        private static IDictionary<string, Payload> Headers(IDictionary<string, Payload>? headers)
        {
            headers ??= new Dictionary<string, Payload>();
            headers[Key] = DataConverter.Default.PayloadConverter.ToPayload(User.Value);
            return headers;
        }

        private void Take(string where, IReadOnlyDictionary<string, Payload>? headers)
        {
            User.Value = headers?.TryGetValue(Key, out var payload) == true ? DataConverter.Default.PayloadConverter.ToValue<string>(payload) : "nobody";
            lock (seen)
            {
                seen.Add($"{where} {User.Value}");
            }
        }

        private sealed class Client(ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
        {
            public override Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input) =>
                base.StartWorkflowAsync<TWorkflow, TResult>(input with { Headers = Headers(input.Headers) });

            public override Task SignalWorkflowAsync(SignalWorkflowInput input) => base.SignalWorkflowAsync(input with { Headers = Headers(input.Headers) });

            public override Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input) =>
                base.QueryWorkflowAsync<TResult>(input with { Headers = Headers(input.Headers) });

            public override Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input) =>
                base.StartWorkflowUpdateAsync<TResult>(input with { Headers = Headers(input.Headers) });
        }

        private sealed class WorkflowIn(Propagation root, WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
        {
            public override void Init(WorkflowOutboundInterceptor outbound) => base.Init(new WorkflowOut(outbound));

            public override Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
            {
                root.Take("run", Workflow.Info.Headers);
                return base.ExecuteWorkflowAsync(input);
            }

            public override Task HandleSignalAsync(HandleSignalInput input)
            {
                root.Take("signal", input.Headers);
                return base.HandleSignalAsync(input);
            }

            public override object? HandleQuery(HandleQueryInput input)
            {
                root.Take("query", input.Headers);
                return base.HandleQuery(input);
            }

            public override Task<object?> HandleUpdateAsync(HandleUpdateInput input)
            {
                root.Take("update", input.Headers);
                return base.HandleUpdateAsync(input);
            }
        }

        private sealed class WorkflowOut(WorkflowOutboundInterceptor next) : WorkflowOutboundInterceptor(next)
        {
            public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
                base.ScheduleActivityAsync<TResult>(input with { Headers = Headers(input.Headers) });
        }

        private sealed class ActivityIn(Propagation root, ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
        {
            public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
            {
                root.Take("activity", input.Headers);
                return base.ExecuteActivityAsync(input);
            }
        }
    }
}
