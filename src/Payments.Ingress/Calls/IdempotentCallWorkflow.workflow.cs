using System.Text.Json;
using Temporalio.Workflows;

namespace Payments.Ingress;

/// <summary>Runs one action and keeps its result.</summary>
[Workflow(TypeName)]
public sealed class IdempotentCallWorkflow
{
    public const string TypeName = "IdempotentCall";
    public const string Act = "Act";

    [WorkflowRun]
    public Task<JsonElement> RunAsync(string name) => Workflow.ExecuteActivityAsync<JsonElement>(Act, [name], new()
    {
        // An action is somebody's code, not one request to a gateway: minutes, not seconds.
        StartToCloseTimeout = TimeSpan.FromMinutes(5),
        RetryPolicy = new()
        {
            // Only an absent caller is retried; a second is what a restarted process needs anyway.
            InitialInterval = TimeSpan.FromMilliseconds(200),
            MaximumInterval = TimeSpan.FromSeconds(1),
        },
    });
}
