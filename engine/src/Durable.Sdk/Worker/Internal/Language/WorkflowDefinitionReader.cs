using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Collects the members of a workflow type, and everything that is wrong with them.</summary>
internal sealed class WorkflowDefinitionReader
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Dictionary<string, MethodInfo> validators = [];
    private readonly bool parameterless;

    public WorkflowDefinitionReader([DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] Type type)
    {
        Type = type;
        Attribute = type.GetCustomAttribute<WorkflowAttribute>(false) ?? throw new ArgumentException($"{type} missing Workflow attribute");
        if (type.GenericTypeArguments.Length > 0)
        {
            Errors.Add($"{type} has generic type arguments");
        }
        var constructors = type.GetConstructors(Any);
        parameterless = constructors.Length == 0 || Array.Exists(constructors, static c => !c.IsStatic && c.GetParameters().Length == 0);
        Array.ForEach(constructors, Read);
        if (InitConstructor is not null)
        {
            Creator = InitConstructor.Invoke;
        }
        else if (parameterless && !type.IsInterface)
        {
            Creator = _ => Activator.CreateInstance(type)!;
        }

        var methods = type.GetMethods(Any);
        Array.ForEach(methods, ReadValidator);
        Array.ForEach(methods, Read);
        Array.ForEach(type.GetProperties(Any), Read);
        foreach (var name in validators.Keys)
        {
            Errors.Add($"Cannot find update method named {name} for WorkflowUpdateValidator on {validators[name]}");
        }
        if (RunMethod is null)
        {
            Errors.Add($"{type} does not have a valid WorkflowRun method");
        }
    }

    public Type Type { get; }

    public WorkflowAttribute Attribute { get; }

    public List<string> Errors { get; } = [];

    public ConstructorInfo? InitConstructor { get; private set; }

    public MethodInfo? RunMethod { get; private set; }

    public Func<object?[], object>? Creator { get; }

    public Func<object?, WorkflowDefinitionOptions>? DynamicOptions { get; private set; }

    public Dictionary<string, WorkflowSignalDefinition> Signals { get; } = [];

    public WorkflowSignalDefinition? DynamicSignal { get; private set; }

    public Dictionary<string, WorkflowQueryDefinition> Queries { get; } = [];

    public WorkflowQueryDefinition? DynamicQuery { get; private set; }

    public Dictionary<string, WorkflowUpdateDefinition> Updates { get; } = [];

    public WorkflowUpdateDefinition? DynamicUpdate { get; private set; }

    public void ThrowIfWrong()
    {
        if (Errors.Count > 0)
        {
            throw new AggregateException(Errors.Select(static error => new ArgumentException(error)));
        }
    }

    private static bool IsOverrideWithout<TAttribute>(MethodInfo method)
        where TAttribute : Attribute =>
        method.GetBaseDefinition() is var root && root != method && root.IsDefined(typeof(TAttribute), false) &&
        !method.IsDefined(typeof(TAttribute), false);

    private void Read(ConstructorInfo constructor)
    {
        if (!constructor.IsDefined(typeof(WorkflowInitAttribute), false))
        {
            return;
        }
        if (InitConstructor is not null)
        {
            Errors.Add($"WorkflowInit on multiple: {constructor} and {InitConstructor}");
        }
        else if (!constructor.IsPublic)
        {
            Errors.Add($"WorkflowInit on non-public {constructor}");
        }
        else
        {
            InitConstructor = constructor;
        }
    }

    private void ReadValidator(MethodInfo method)
    {
        if (method.GetCustomAttribute<WorkflowUpdateValidatorAttribute>(false) is not { } validator)
        {
            return;
        }
        if (!validators.TryAdd(validator.UpdateMethod, method))
        {
            Errors.Add($"{Type} has more than one update validator for update method {validator.UpdateMethod}");
        }
        else if (method.ContainsGenericParameters)
        {
            Errors.Add($"{method} with WorkflowUpdateValidator contains generic parameters");
        }
    }

    private void Read(MethodInfo method)
    {
        if (method.IsDefined(typeof(WorkflowRunAttribute), false))
        {
            ReadRun(method);
        }
        else if (IsOverrideWithout<WorkflowRunAttribute>(method))
        {
            Errors.Add($"WorkflowRun on base definition of {method} but not override");
        }
        if (method.IsDefined(typeof(WorkflowDynamicOptionsAttribute), false))
        {
            ReadDynamicOptions(method);
        }
        ReadHandler<WorkflowSignalAttribute>(method, "WorkflowSignal", () =>
        {
            var definition = WorkflowSignalDefinition.FromMethod(method);
            DynamicSignal = Add(Signals, DynamicSignal, definition, definition.Name, "signal");
        });
        ReadHandler<WorkflowQueryAttribute>(method, "WorkflowQuery", () =>
        {
            var definition = WorkflowQueryDefinition.FromMethod(method);
            DynamicQuery = Add(Queries, DynamicQuery, definition, definition.Name, "query");
        });
        ReadHandler<WorkflowUpdateAttribute>(method, "WorkflowUpdate", () =>
        {
            validators.Remove(method.Name, out var validator);
            var definition = WorkflowUpdateDefinition.FromMethod(method, validator);
            DynamicUpdate = Add(Updates, DynamicUpdate, definition, definition.Name, "update");
        });
    }

    private void ReadHandler<TAttribute>(MethodInfo method, string attribute, Action read)
        where TAttribute : Attribute
    {
        if (IsOverrideWithout<TAttribute>(method))
        {
            Errors.Add($"{attribute} on base definition of {method} but not override");
        }
        else if (method.IsDefined(typeof(TAttribute), false))
        {
            if (method.ContainsGenericParameters)
            {
                Errors.Add($"{method} with {attribute} contains generic parameters");
                return;
            }
            try
            {
                read();
            }
            catch (ArgumentException e)
            {
                // Collected, so that one attempt to register shows everything that is wrong.
                Errors.Add(e.Message);
            }
        }
    }

    private TDefinition? Add<TDefinition>(
        Dictionary<string, TDefinition> named, TDefinition? dynamic, TDefinition definition, string? name, string kind)
        where TDefinition : class
    {
        if (name is null)
        {
            if (dynamic is not null)
            {
                Errors.Add($"{Type} has more than one dynamic {kind}");
            }
            return definition;
        }
        if (!named.TryAdd(name, definition))
        {
            Errors.Add($"{Type} has more than one {kind} named {name}");
        }
        return dynamic;
    }

    private void Read(PropertyInfo property)
    {
        if (!property.IsDefined(typeof(WorkflowQueryAttribute), false))
        {
            return;
        }
        try
        {
            var definition = WorkflowQueryDefinition.FromProperty(property);
            Add(Queries, null, definition, definition.Name, "query");
        }
        catch (ArgumentException e)
        {
            Errors.Add(e.Message);
        }
    }

    private void ReadRun(MethodInfo method)
    {
        if (method.DeclaringType != Type)
        {
            Errors.Add($"WorkflowRun on {method} must be declared on {Type}, not inherited from {method.DeclaringType}");
        }
        else if (RunMethod is not null)
        {
            Errors.Add($"WorkflowRun on multiple: {method} and {RunMethod}");
        }
        else if (!method.IsPublic)
        {
            Errors.Add($"WorkflowRun on non-public {method}");
        }
        else if (method.IsStatic)
        {
            Errors.Add($"WorkflowRun on static {method}");
        }
        else if (method.ContainsGenericParameters)
        {
            Errors.Add($"{method} with WorkflowRun contains generic parameters");
        }
        else if (!typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            Errors.Add($"WorkflowRun method {method} must return an instance of Task");
        }
        else if (InitConstructor is not null && !InitConstructor.GetParameters().Select(static p => p.ParameterType)
            .SequenceEqual(method.GetParameters().Select(static p => p.ParameterType)))
        {
            Errors.Add($"WorkflowRun on {method} must match parameter types of WorkflowInit on {InitConstructor}");
        }
        else if (Attribute.Dynamic && !HandlerInvoker.TakesDynamicArguments(method, nameFirst: false))
        {
            Errors.Add($"WorkflowRun on {method} for dynamic workflow must accept an array of IRawValue");
        }
        else
        {
            RunMethod = method;
        }
    }

    private void ReadDynamicOptions(MethodInfo method)
    {
        var wrong =
            !method.IsPublic ? "must be public"
            : method.IsStatic ? "cannot be static"
            : method.ReturnType != typeof(WorkflowDefinitionOptions) ? "must return WorkflowDefinitionOptions"
            : !Attribute.Dynamic ? "can only be used in dynamic workflows"
            : method.GetParameters().Length > 0 ? "must take no parameters"
            : DynamicOptions is not null ? "cannot be used more than once"
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException($"WorkflowDynamicOptions method {method} {wrong}");
        }
        var invoker = new HandlerInvoker(method);
        DynamicOptions = instance => (WorkflowDefinitionOptions)invoker.Invoke(instance, [])!;
    }
}
