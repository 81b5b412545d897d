using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client.Internal;

/// <summary>Waiting for activities that belong to no workflow.</summary>
internal static class StandaloneActivities
{
    public static DataConverter ConverterFor(ITemporalClient client, string activityId, string? activityType = null, string? taskQueue = null) =>
        client.Options.DataConverter.WithSerializationContext(
            new ISerializationContext.Activity(client.Options.Namespace, activityId, null, null, activityType, taskQueue, IsLocal: false));

    public static async Task<T> ResultAsync<T>(ITemporalClient client, string id, string? runId, RpcOptions? options)
    {
        var request = new PollActivityExecutionRequest { Namespace = client.Options.Namespace, ActivityId = id, RunId = runId ?? string.Empty };
        while (true)
        {
            var response = await client.WorkflowService.PollActivityExecutionAsync(request, ClientRoot.Retried(options)).ConfigureAwait(false);
            if (response.Outcome is not { } outcome)
            {
                continue;
            }
            var converter = ConverterFor(client, id);
            return outcome.Failure is { } failure
                ? throw new ActivityFailedException(await converter.DecodeAsync(failure).ConfigureAwait(false))
                : await converter.DecodeAsync<T>(outcome.Result).ConfigureAwait(false);
        }
    }
}
