using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Temporalio.Activities;
using Temporalio.Extensions.Hosting.Internal;

namespace Temporalio.Extensions.Hosting;

/// <summary>Activities whose objects come from a service provider, in a scope of each attempt.</summary>
public static class ServiceProviderExtensions
{
    private const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    /// <inheritdoc cref="CreateTemporalActivityDefinitions(IServiceProvider, Type)"/>
    public static IReadOnlyCollection<ActivityDefinition> CreateTemporalActivityDefinitions<[DynamicallyAccessedMembers(Members)] T>(this IServiceProvider provider) =>
        provider.CreateTemporalActivityDefinitions(typeof(T));

    /// <summary>Definitions of all methods of a type that have the activity attribute.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyCollection<ActivityDefinition> CreateTemporalActivityDefinitions(
        this IServiceProvider provider, [DynamicallyAccessedMembers(Members)] Type type)
    {
        var definitions = type
            .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy)
            .Where(static method => method.IsDefined(typeof(ActivityAttribute), false))
            .Select(method => provider.CreateTemporalActivityDefinition(type, method))
            .ToArray();
        return definitions.Length > 0 ? definitions : throw new ArgumentException($"No activities found on {type}", nameof(type));
    }

    /// <summary>A definition of one method that has the activity attribute.</summary>
    /// <param name="instanceType">What to ask the provider for.</param>
    public static ActivityDefinition CreateTemporalActivityDefinition(this IServiceProvider provider, Type instanceType, MethodInfo method) =>
        ActivityDefinition.Create(method, ScopedInvoker.Create(provider, instanceType, method));
}
