using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Temporalio.Worker.Internal.Language;

/// <summary>The result of a completed task of whatever type.</summary>
/// <remarks>
/// Read from the runtime type, as histories have it: an asynchronous method without result is a task of an empty structure, which
/// becomes the payload <c>{}</c>, and a method declared as <see cref="Task"/> that hands a <c>Task&lt;bool&gt;</c> through gives the bool.
/// </remarks>
internal static class TaskResult
{
    /// <summary>Of a task without result. Known by its reference: a <see cref="ValueTuple"/> that a method returned itself is another one.</summary>
    public static readonly object Nothing = default(ValueTuple);
    private static readonly ConcurrentDictionary<Type, Func<Task, object?>> Readers = new();

    public static object? Of(Task task) => Readers.GetOrAdd(task.GetType(), CreateReader)(task);

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Task<T>.Result is kept: every awaited task uses it.")]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Task<T>.Result is kept: every awaited task uses it.")]
    private static Func<Task, object?> CreateReader(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(Task<>))
            {
                if (current.GenericTypeArguments[0].FullName == "System.Threading.Tasks.VoidTaskResult")
                {
                    return static _ => Nothing;
                }
                var getter = MethodInvoker.Create(current.GetProperty(nameof(Task<object>.Result))!.GetMethod!);
                return getter.Invoke;
            }
        }
        return static _ => null;
    }
}
