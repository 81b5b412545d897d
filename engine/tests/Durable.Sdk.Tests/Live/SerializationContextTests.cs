using System.Collections.Concurrent;
using Durable.Sdk.Tests.Samples;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Live;

public class SerializationContextTests
{
    // Aim: who decodes a payload is told the same about it as who encoded it. Method: a codec that writes down what it was told, and refuses to decode what was
    // encoded for somebody else; with a workflow that sends payloads everywhere.
    [Fact]
    public async Task Codec_IsToldTheSame_AtBothEnds()
    {
        var seen = new ConcurrentDictionary<string, byte>();
        await SampleWorker.RunAsync(
            new TemporalWorkerOptions(SampleWorker.TaskQueue).AddWorkflow<Intercepted>().AddWorkflow<InterceptedChild>().AddWorkflow<OneActivity>()
                .AddAllActivities(typeof(InterceptedActivities), null).AddAllActivities(new WatchedActivities()),
            async client =>
            {
                var handle = await client.StartWorkflowAsync((Intercepted workflow) => workflow.RunAsync(false), SampleWorker.Start("contexts"));
                (await handle.ExecuteUpdateAsync(workflow => workflow.CountAsync(2))).ShouldBe(3);
                (await handle.QueryAsync(workflow => workflow.Where)).ShouldNotBeNull();
                await handle.SignalAsync(workflow => workflow.FinishAsync());
                (await handle.GetResultAsync()).ShouldBe("again");
                (await client.ExecuteWorkflowAsync((OneActivity workflow) => workflow.RunAsync(nameof(WatchedActivities.Resume), false), SampleWorker.Start("resumes"))).ShouldBe("from page 7");
            },
            options => options.DataConverter = DataConverter.Default with { PayloadCodec = new TellingCodec(null, seen) });

        var words = seen.Keys.ToArray();
        words.ShouldContain("Workflow contexts");
        words.ShouldContain("Activity Beat 1 of contexts local False");
        words.ShouldContain("Activity Beat 2 of contexts local True");
        words.ShouldContain("Activity Resume 1 of resumes local False");
        words.Count(static word => word.StartsWith("Workflow ", StringComparison.Ordinal)).ShouldBe(3, "the third is the child");
    }

    private sealed class TellingCodec(string? told, ConcurrentDictionary<string, byte> seen) : IPayloadCodec, IWithSerializationContext<IPayloadCodec>
    {
        public IPayloadCodec WithSerializationContext(ISerializationContext context) => new TellingCodec(
            context switch
            {
                ISerializationContext.Activity activity => $"Activity {TypeOf(activity)} {activity.ActivityId} of {activity.WorkflowId} local {activity.IsLocal}",
                ISerializationContext.Workflow workflow => $"Workflow {workflow.WorkflowId}",
                _ => throw new InvalidOperationException($"Unknown context {context}"),
            },
            seen);

        public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads)
        {
            seen.TryAdd(told ?? "nothing", 0);
            return Task.FromResult<IReadOnlyCollection<Payload>>(
                [.. payloads.Select(payload => new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8(told ?? "nothing") }, Data = payload.ToByteString() })]);
        }

        public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>(
            [.. payloads.Select(payload => payload.Metadata["encoding"].ToStringUtf8() == (told ?? "nothing")
                ? Payload.Parser.ParseFrom(payload.Data)
                : throw new InvalidOperationException($"encoded for {payload.Metadata["encoding"].ToStringUtf8()}, decoded for {told}"))]);

#pragma warning disable CS0618 // Known on this path.
        private static string? TypeOf(ISerializationContext.Activity activity) => activity.ActivityType;
#pragma warning restore CS0618
    }
}
