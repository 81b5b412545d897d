using Microsoft.Extensions.DependencyInjection;

namespace Temporalio.Extensions.Hosting;

/// <summary>The service scope of the activity attempt that runs now. Flows with its asynchronous calls.</summary>
/// <remarks>An activity interceptor that sets these before it goes on decides which scope and which instance the attempt gets; a scope that it set is its to dispose.</remarks>
public static class ActivityScope
{
    private static readonly AsyncLocal<IServiceScope?> LocalScope = new();
    private static readonly AsyncLocal<object?> LocalInstance = new();

    /// <summary>Null outside of activities that were registered through the service collection.</summary>
    public static IServiceScope? ServiceScope
    {
        get => LocalScope.Value;
        set => LocalScope.Value = value;
    }

    /// <summary>The object whose method is the activity; null for a static one.</summary>
    public static object? ScopedInstance
    {
        get => LocalInstance.Value;
        set => LocalInstance.Value = value;
    }
}
