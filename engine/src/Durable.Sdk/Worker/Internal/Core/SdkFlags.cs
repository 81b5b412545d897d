using Google.Protobuf.Collections;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>The behaviours that a history was made with. New runs use all; on replay only what the history names.</summary>
internal sealed class SdkFlags
{
    private const int IdAndTypeChecks = 1;
    private const int UpsertOnPatch = 2;
    private const int TerminalLast = 3;
    private const int LangReorderedCompletion = 1;
    private const int LangModernEventLoop = 2;
    private const ulong AllCore = (1UL << IdAndTypeChecks) | (1UL << UpsertOnPatch) | (1UL << TerminalLast);

    private ulong usedCore;
    private ulong usedLang;
    private ulong recordedCore;
    private ulong recordedLang;
    private string recordedName = string.Empty;
    private string recordedVersion = string.Empty;

    /// <summary>Whether ids and types of activities and children are compared with the history.</summary>
    public bool ChecksIds => Has(usedCore, IdAndTypeChecks);

    /// <summary>Whether a patch is followed by a change of the search attribute TemporalChangeVersion.</summary>
    public bool UpsertsOnPatch => Has(usedCore, UpsertOnPatch);

    /// <summary>Whether the end of the run goes behind what was asked for after it; without, that is dropped.</summary>
    public bool MovesTerminalLast => Has(usedCore, TerminalLast);

    public bool HasModernEventLoop => Has(usedLang, LangModernEventLoop);

    public bool HasReorderedCompletion => Has(usedLang, LangReorderedCompletion);

    public void Learn(WorkflowTaskCompletedEventAttributes completed)
    {
        if (completed.SdkMetadata is not { } metadata)
        {
            return;
        }
        recordedCore |= Mask(metadata.CoreUsedFlags);
        recordedLang |= Mask(metadata.LangUsedFlags);
        usedCore |= recordedCore;
        usedLang |= recordedLang;
        recordedName = metadata.SdkName.Length > 0 ? metadata.SdkName : recordedName;
        recordedVersion = metadata.SdkVersion.Length > 0 ? metadata.SdkVersion : recordedVersion;
    }

    /// <summary>The run has left its history: everything that is known is used from here on.</summary>
    public void UseAll() => usedCore |= AllCore;

    public void UseModernEventLoop() => usedLang |= 1UL << LangModernEventLoop;

    /// <summary>What the last completed task has not recorded yet.</summary>
    public WorkflowTaskCompletedMetadata TakeNews(string name, string version)
    {
        var metadata = new WorkflowTaskCompletedMetadata();
        Add(metadata.CoreUsedFlags, usedCore & ~recordedCore);
        Add(metadata.LangUsedFlags, usedLang & ~recordedLang);
        if (recordedName != name)
        {
            metadata.SdkName = name;
        }
        if (recordedVersion != version)
        {
            metadata.SdkVersion = version;
        }
        return metadata;
    }

    private static bool Has(ulong flags, int flag) => (flags & (1UL << flag)) != 0;

    private static ulong Mask(RepeatedField<uint> flags)
    {
        var mask = 0UL;
        foreach (var flag in flags)
        {
            // A flag of a later SDK changes nothing here.
            mask |= flag < 64 ? 1UL << (int)flag : 0;
        }
        return mask;
    }

    private static void Add(RepeatedField<uint> list, ulong flags)
    {
        for (uint flag = 0; flags != 0; flag++, flags >>= 1)
        {
            if ((flags & 1) != 0)
            {
                list.Add(flag);
            }
        }
    }
}
