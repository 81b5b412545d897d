using System.Linq.Expressions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Makes the exception to throw in order to go on in a new run with an empty history.</summary>
    /// <param name="workflowRunCall">A call of the run method of the next run; its arguments are evaluated now.</param>
    public static ContinueAsNewException CreateContinueAsNewException<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, ContinueAsNewOptions? options = null)
    {
        var (method, args) = CallExpression.Of(workflowRunCall);
        return CreateContinueAsNewException(WorkflowDefinition.NameFromRunMethodForCall(method), args, options);
    }

    /// <inheritdoc cref="CreateContinueAsNewException{TWorkflow, TResult}"/>
    public static ContinueAsNewException CreateContinueAsNewException<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, ContinueAsNewOptions? options = null)
    {
        var (method, args) = CallExpression.Of(workflowRunCall);
        return CreateContinueAsNewException(WorkflowDefinition.NameFromRunMethodForCall(method), args, options);
    }

    /// <inheritdoc cref="CreateContinueAsNewException{TWorkflow, TResult}"/>
    public static ContinueAsNewException CreateContinueAsNewException(
        string workflow, IReadOnlyCollection<object?> args, ContinueAsNewOptions? options = null) =>
        Context.CreateContinueAsNewException(workflow, args, options);

    /// <summary>Whether this run has the change: true in new runs, and on replay if the run had it when it came here first.</summary>
    /// <remarks>The first answer is kept for the run and recorded by a marker when it is true.</remarks>
    public static bool Patched(string patchId) => Context.Patch(patchId, deprecated: false);

    /// <summary>Says that no run without the change is left, so that the call of <see cref="Patched"/> can go.</summary>
    public static void DeprecatePatch(string patchId) => Context.Patch(patchId, deprecated: true);

    /// <summary>A GUID from <see cref="Random"/>, the same on replay; takes 16 bytes from it.</summary>
    public static Guid NewGuid()
    {
        var bytes = new byte[16];
        Random.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes);
    }

    /// <summary>Changes memo keys.</summary>
    /// <exception cref="ArgumentException">No update was given, or a value cannot be converted.</exception>
    public static void UpsertMemo(params MemoUpdate[] updates) => Context.UpsertMemo(updates);

    /// <summary>Changes search attributes.</summary>
    /// <exception cref="ArgumentException">No update was given.</exception>
    public static void UpsertTypedSearchAttributes(params SearchAttributeUpdate[] updates) => Context.UpsertTypedSearchAttributes(updates);
}
