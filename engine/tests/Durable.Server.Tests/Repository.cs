namespace Durable.Server.Tests;

internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Payments.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("no folder above the test has Payments.slnx");
    }
}
