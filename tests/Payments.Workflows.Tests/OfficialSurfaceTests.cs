using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Payments.Workflows.Tests;

/// <summary>
/// Payment code compiles against the official SDK unchanged. Aim: no member is used that only ours has. Method: read the member references of the built assemblies
/// and look each up in the list of the official surface.
/// </summary>
public class OfficialSurfaceTests
{
    private static readonly OfficialSurface Surface = new(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "sdk-surface.txt")));

    [Theory]
    [InlineData("Payments.Workflows.dll")]
    [InlineData("Payments.Connection.dll")]
    [InlineData("Payments.Worker.dll")]
    [InlineData("Payments.Ingress.dll")]
    public void MemberReferences_OfPaymentCode_AllInTheOfficialSurface(string assembly)
    {
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        var seen = 0;
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MemberReferences)
        {
            var reference = metadata.GetMemberReference(handle);
            if (TypeOf(metadata, reference.Parent) is not { } type || !IsSdk(type))
            {
                continue;
            }
            seen++;
            var name = metadata.GetString(reference.Name);
            var parameters = reference.GetKind() == MemberReferenceKind.Method ? ParametersOf(metadata, reference) : 0;
            if (!Surface.Has(type, name, parameters))
            {
                missing.Add($"{type}.{name}({parameters})");
            }
        }
        foreach (var handle in metadata.TypeReferences)
        {
            if (TypeOf(metadata, handle) is { } type && IsSdk(type) && !Surface.HasType(type))
            {
                missing.Add(type);
            }
        }

        missing.ShouldBeEmpty();
        seen.ShouldBeGreaterThan(3);
    }

    [Theory]
    [InlineData("Temporalio.Workflows.Workflow", "get_UtcNow", 0, true)]
    [InlineData("Temporalio.Workflows.Workflow", "get_Now", 0, false)]
    [InlineData("Temporalio.Client.WorkflowOptions", ".ctor", 2, true)]
    [InlineData("Temporalio.Client.WorkflowOptions", ".ctor", 3, false)]
    [InlineData("Temporalio.Client.TemporalClientConnectOptions", "set_TargetHost", 1, true)]
    [InlineData("Temporalio.Converters.DataConverter", "<Clone>$", 0, true)]
    [InlineData("Temporalio.Embedded.Anything", "Go", 0, false)]
    public void Has_KnownAndUnknownMembers_ToldApart(string type, string member, int parameters, bool has) => Surface.Has(type, member, parameters).ShouldBe(has);

    // Messages have the protocol's own names; they are generated on both sides.
    private static bool IsSdk(string type) =>
        type.StartsWith("Temporalio.", StringComparison.Ordinal) && !type.StartsWith("Temporalio.Api.", StringComparison.Ordinal);

    private static string? TypeOf(MetadataReader metadata, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)handle)),
        HandleKind.TypeSpecification => GenericTypeOf(metadata, metadata.GetTypeSpecification((TypeSpecificationHandle)handle)),
        _ => null,
    };

    private static string NameOf(MetadataReader metadata, TypeReference type)
    {
        var name = metadata.GetString(type.Name).Split('`')[0];
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)) + "." + name
            : metadata.GetString(type.Namespace) + "." + name;
    }

    // ECMA-335 II.23.2.14: GENERICINST (CLASS | VALUETYPE) TypeDefOrRefEncoded …
    private static string? GenericTypeOf(MetadataReader metadata, TypeSpecification specification)
    {
        var blob = metadata.GetBlobReader(specification.Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }
        blob.ReadCompressedInteger();
        return TypeOf(metadata, blob.ReadTypeHandle());
    }

    private static int ParametersOf(MetadataReader metadata, MemberReference reference)
    {
        var blob = metadata.GetBlobReader(reference.Signature);
        if (blob.ReadSignatureHeader().IsGeneric)
        {
            blob.ReadCompressedInteger();
        }
        return blob.ReadCompressedInteger();
    }
}
