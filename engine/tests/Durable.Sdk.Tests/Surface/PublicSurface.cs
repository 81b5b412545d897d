using System.Reflection;
using System.Runtime.CompilerServices;

namespace Durable.Sdk.Tests.Surface;

/// <summary>
/// The public surface of an assembly as text, one line a type and member: kind, bases, parameters with defaults, nullability, modifiers. The official list was
/// printed by the same rules.
/// </summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nulls = new();

    public static SortedSet<string> Of(params Assembly[] assemblies) =>
        new(assemblies.SelectMany(static assembly => assembly.GetExportedTypes()).SelectMany(Lines), StringComparer.Ordinal);

    private static IEnumerable<string> Lines(Type type)
    {
        var isRecord = IsRecord(type);
        yield return $"{Name(type)} = {Kind(type)}{Bases(type)}{Usage(type)}{Obsolete(type)}";
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
            {
                yield return $"{Name(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}";
            }
            yield break;
        }
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield break;
        }
        foreach (var constructor in type.GetConstructors(Declared).Where(Visible))
        {
            yield return $"{Name(type)}.new({Parameters(constructor)}){Protected(constructor)}{Obsolete(constructor)}";
        }
        foreach (var method in type.GetMethods(Declared).Where(static method => Visible(method) && !Hidden(method)))
        {
            var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : "";
            var constraints = method.IsGenericMethod ? Constraints(method.GetGenericArguments()) : "";
            yield return $"{Name(type)}.{method.Name}{generic}({(method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "")}{Parameters(method)}) : " +
                $"{Shown(method.ReturnType, Null(() => Nulls.Create(method.ReturnParameter)))}{Modifiers(type, method)}{constraints}{Obsolete(method)}";
        }
        foreach (var property in type.GetProperties(Declared).Where(property => !(isRecord && property.Name == "EqualityContract")))
        {
            var get = property.GetMethod is { } getter && Visible(getter) ? "get; " : "";
            var set = property.SetMethod is { } setter && Visible(setter) ? (IsInit(setter) ? "init; " : "set; ") : "";
            if (get + set != "")
            {
                var index = property.GetIndexParameters() is { Length: > 0 } indexes ? $"[{string.Join(", ", indexes.Select(Parameter))}]" : "";
                yield return $"{Name(type)}.{property.Name}{index} : {Shown(property.PropertyType, Null(() => Nulls.Create(property)))} " +
                    $"{{ {get}{set}}}{Modifiers(type, get != "" ? property.GetMethod! : property.SetMethod!)}{Obsolete(property)}";
            }
        }
        foreach (var field in type.GetFields(Declared).Where(static field => field.IsPublic || field.IsFamily))
        {
            yield return $"{Name(type)}.{field.Name} : {Shown(field.FieldType, Null(() => Nulls.Create(field)))} field{(field.IsLiteral ? " const" : field.IsStatic ? " static" : "")}";
        }
        foreach (var e in type.GetEvents(Declared).Where(static e => e.AddMethod is { } add && Visible(add)))
        {
            yield return $"{Name(type)}.{e.Name} : {Shown(e.EventHandlerType!, null)} event";
        }
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null;

    private static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool Hidden(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) || method.Name == "<Clone>$" ||
        method.IsDefined(typeof(CompilerGeneratedAttribute), false);

    private static string Kind(Type type)
    {
        if (type.IsEnum)
        {
            return "enum";
        }
        if (type.IsInterface)
        {
            return "interface";
        }
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"delegate ({string.Join(", ", invoke.GetParameters().Select(Parameter))}) : {Shown(invoke.ReturnType, Null(() => Nulls.Create(invoke.ReturnParameter)))}";
        }
        var modifier = type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed && !type.IsValueType ? "sealed " : "";
        return modifier + (IsRecord(type) ? "record" : type.IsValueType ? "struct" : "class");
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
        {
            return "";
        }
        List<string> bases = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [Shown(parent, null)] : [];
        bases.AddRange(type.GetInterfaces().Where(@interface => @interface.IsPublic && !(IsRecord(type) && @interface.Name == "IEquatable`1"))
            .Select(static @interface => Shown(@interface, null)).Order(StringComparer.Ordinal));
        return (bases.Count == 0 ? "" : " : " + string.Join(", ", bases)) + (type.IsGenericType ? Constraints(type.GetGenericArguments()) : "");
    }

    private static string Usage(Type type) =>
        typeof(Attribute).IsAssignableFrom(type) && type.GetCustomAttribute<AttributeUsageAttribute>(false) is { } usage
            ? $" [usage {usage.ValidOn}{(usage.AllowMultiple ? ", multiple" : "")}{(usage.Inherited ? "" : ", not inherited")}]"
            : "";

    private static string Obsolete(MemberInfo member) => member.IsDefined(typeof(ObsoleteAttribute), false) ? " [obsolete]" : "";

    private static string Protected(MethodBase method) => method.IsPublic ? "" : " protected";

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Any(static type => type.Name == "IsExternalInit");

    private static string Modifiers(Type type, MethodInfo method)
    {
        var kind =
            type.IsInterface ? (method.IsAbstract || method.IsStatic ? "" : " default")
            : method.IsAbstract ? " abstract"
            : !method.IsVirtual || method.IsFinal ? ""
            : method.GetBaseDefinition() != method ? " override"
            : " virtual";
        return Protected(method) + (method.IsStatic ? " static" : "") + kind;
    }

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Select(static argument =>
    {
        var parts = argument.GetGenericParameterConstraints().Where(static type => type != typeof(ValueType)).Select(static type => Shown(type, null)).ToList();
        var flags = argument.GenericParameterAttributes;
        if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            parts.Insert(0, "struct");
        }
        else if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Insert(0, "class");
        }
        else if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            parts.Add("new()");
        }
        return parts.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }));

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var by = parameter.IsOut ? "out " : type.IsByRef ? (parameter.IsIn ? "in " : "ref ") : parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        var value = !parameter.HasDefaultValue ? "" : " = " + parameter.DefaultValue switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            var other => other.ToString(),
        };
        return $"{by}{Shown(type.IsByRef ? type.GetElementType()! : type, Null(() => Nulls.Create(parameter)))} {parameter.Name}{value}";
    }

    // Reflection cannot tell for some compiler-made signatures.
    private static NullabilityInfo? Null(Func<NullabilityInfo> create)
    {
        try
        {
            return create();
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    private static string Name(Type type)
    {
        var parent = type.IsNested ? Name(type.DeclaringType!) + "." : type.Namespace is { } space ? space + "." : "";
        var inherited = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        var arguments = type.GetGenericArguments().Skip(inherited).ToArray();
        return parent + type.Name.Split('`')[0] + (arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(static argument => argument.Name))}>");
    }

    private static string Shown(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Shown(underlying, null) + "?";
        }
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        var mark = !type.IsValueType && (nullability?.ReadState == NullabilityState.Nullable || nullability?.WriteState == NullabilityState.Nullable) ? "?" : "";
        if (type.IsArray)
        {
            return Shown(type.GetElementType()!, nullability?.ElementType) + "[]" + mark;
        }
        if (Keyword(type) is { } keyword)
        {
            return keyword + mark;
        }
        var space = type.Namespace is { } name && !name.StartsWith("System", StringComparison.Ordinal) ? name + "." : "";
        var outer = type.IsNested ? Name(type.DeclaringType!) + "." : space;
        if (!type.IsGenericType)
        {
            return outer + type.Name + mark;
        }
        var inherited = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        var arguments = type.GetGenericArguments().Skip(inherited)
            .Select((argument, i) => Shown(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i + inherited)));
        return $"{outer}{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>{mark}";
    }

    private static string? Keyword(Type type) =>
        type == typeof(void) ? "void"
        : type == typeof(string) ? "string"
        : type == typeof(object) ? "object"
        : type == typeof(bool) ? "bool"
        : type == typeof(int) ? "int"
        : type == typeof(long) ? "long"
        : type == typeof(double) ? "double"
        : type == typeof(float) ? "float"
        : type == typeof(byte) ? "byte"
        : null;
}
