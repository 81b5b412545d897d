using Temporalio.Api.Failure.V1;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Worker.Internal.Language;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>What the runs of a worker or replayer share.</summary>
internal sealed class WorkflowRunEnvironment
{
    private readonly Dictionary<string, WorkflowDefinition> definitions = new(StringComparer.Ordinal);
    private readonly WorkflowDefinition? dynamic;

    /// <exception cref="ArgumentException">Two workflows of one name, two dynamic ones, or one without a constructor to call.</exception>
    public WorkflowRunEnvironment(WorkflowEnvironmentInfo workflows, IEnumerable<WorkflowDefinition> registered, TimeProvider clock)
    {
        Workflows = workflows;
        Clock = clock;
        Coding = workflows.DataConverter.PayloadCodec is { } codec ? new PayloadCoding(codec) : null;
        foreach (var definition in registered)
        {
            if (!definition.Instantiable)
            {
                throw new ArgumentException($"Workflow named {definition.Name} is not instantiable. Note, dependency injection is not supported in workflows.");
            }
            if (definition.Name is null)
            {
                dynamic = dynamic is null ? definition : throw new ArgumentException("Multiple dynamic workflows provided");
            }
            else if (!definitions.TryAdd(definition.Name, definition))
            {
                throw new ArgumentException($"Duplicate workflow named {definition.Name}");
            }
        }
    }

    public WorkflowEnvironmentInfo Workflows { get; }

    public TimeProvider Clock { get; }

    /// <summary>Sees each activation with the commands that code gave, before the core has applied them.</summary>
    public Action<Activation, IReadOnlyList<WorkflowCommand>>? OnActivated { get; set; }

    /// <summary>Null: there is no codec.</summary>
    public PayloadCoding? Coding { get; }

    public WorkerDeploymentVersion? DeploymentVersion { get; init; }

    /// <summary>For workflows that do not say it; null: the worker is not versioned.</summary>
    public VersioningBehavior? DefaultVersioning { get; init; }

    /// <exception cref="ApplicationFailureException">No workflow has the name; fails the task, another worker may know it.</exception>
    public WorkflowDefinition Find(string name) =>
        definitions.GetValueOrDefault(name) ?? dynamic ??
        throw new ApplicationFailureException(
            $"Workflow type {name} is not registered on this worker, available workflows: {string.Join(", ", definitions.Keys.Order(StringComparer.Ordinal))}",
            errorType: "NotFoundError");

    public Failure ToFailure(Exception e) =>
        Workflows.DataConverter.FailureConverter.ToFailure(e, Workflows.DataConverter.PayloadConverter);
}
