using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Extensions.Hosting.Internal;

/// <summary>Calls an activity's method on an object of a scope that lives as long as the attempt.</summary>
internal sealed class ScopedInvoker
{
    private readonly IServiceProvider provider;
    private readonly Type instanceType;
    private readonly bool isStatic;
    private readonly MethodInvoker method;

    private ScopedInvoker(IServiceProvider provider, Type instanceType, MethodInfo method)
    {
        this.provider = provider;
        this.instanceType = instanceType;
        isStatic = method.IsStatic;
        this.method = MethodInvoker.Create(method);
    }

    /// <summary>The kind of result is decided here, once, so that no call has to look at types.</summary>
    public static Func<object?[], object?> Create(IServiceProvider provider, Type instanceType, MethodInfo method)
    {
        var invoker = new ScopedInvoker(provider, instanceType, method);
        if (method.ReturnType == typeof(Task))
        {
            return invoker.InvokeTaskAsync;
        }
        return typeof(Task).IsAssignableFrom(method.ReturnType) ? invoker.InvokeTypedAsync : invoker.InvokePlainAsync;
    }

    private async Task<object?> InvokePlainAsync(object?[] args)
    {
        var scope = Enter();
        await using (scope.ConfigureAwait(false))
        {
            return method.Invoke(scope.Instance, args.AsSpan());
        }
    }

    private async Task InvokeTaskAsync(object?[] args)
    {
        var scope = Enter();
        await using (scope.ConfigureAwait(false))
        {
            await ((Task)method.Invoke(scope.Instance, args.AsSpan())!).ConfigureAwait(false);
        }
    }

    private async Task<object?> InvokeTypedAsync(object?[] args)
    {
        var scope = Enter();
        await using (scope.ConfigureAwait(false))
        {
            var task = (Task)method.Invoke(scope.Instance, args.AsSpan())!;
            await task.ConfigureAwait(false);
            return TaskResult.Of(task);
        }
    }

    private Entered Enter()
    {
        // A scope that is here already is an interceptor's, who disposes it.
        AsyncServiceScope? own = null;
        if (ActivityScope.ServiceScope is null)
        {
            own = provider.CreateAsyncScope();
            ActivityScope.ServiceScope = own;
        }
        if (isStatic)
        {
            return new(null, own);
        }
        ActivityScope.ScopedInstance ??= ActivityScope.ServiceScope!.ServiceProvider.GetRequiredService(instanceType);
        return new(ActivityScope.ScopedInstance, own);
    }

    private readonly struct Entered(object? instance, AsyncServiceScope? own) : IAsyncDisposable
    {
        public object? Instance => instance;

        public ValueTask DisposeAsync() => own?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
