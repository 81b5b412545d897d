namespace Payments.Lab.Watch;

/// <summary>A lab that runs, however it hosts its parts.</summary>
internal interface ILab
{
    LabAddresses Addresses { get; }

    Task<IReadOnlyList<ProcessStatus>> StatusAsync(CancellationToken cancellation);

    /// <param name="action">One of <see cref="LabActions"/>.</param>
    /// <exception cref="LabException">There is no such process or action, or the lab cannot do it.</exception>
    Task ActAsync(string process, string action);

    Task<LedgerAudit> AuditAsync(CancellationToken cancellation);
}
