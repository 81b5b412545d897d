namespace Payments.Lab.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lab-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
