namespace Temporalio.Common.EnvConfig;

public sealed partial record ClientEnvConfig
{
    public class ConfigLoadOptions : ICloneable
    {
        /// <summary>The TOML to read; null or empty: the configured or usual file. A file that is not there has no profiles.</summary>
        public DataSource? ConfigSource { get; set; }

        /// <summary>Whether unknown keys are an error. Default false.</summary>
        public bool ConfigFileStrict { get; set; }

        /// <summary>Used instead of the process's variables; null or empty: these.</summary>
        public IReadOnlyDictionary<string, string>? OverrideEnvVars { get; set; }

        public virtual object Clone() => MemberwiseClone();
    }

    public class ProfileLoadOptions : ICloneable
    {
        /// <summary>Null: that of <c>TEMPORAL_PROFILE</c>, or "default", which need not be there when nobody asked for it.</summary>
        public string? Profile { get; set; }

        /// <inheritdoc cref="ConfigLoadOptions.ConfigSource"/>
        public DataSource? ConfigSource { get; set; }

        /// <summary>Whether no file is read. Default false.</summary>
        public bool DisableFile { get; set; }

        /// <summary>Whether variables are not read, but for the file's place. Default false.</summary>
        public bool DisableEnv { get; set; }

        /// <inheritdoc cref="ConfigLoadOptions.ConfigFileStrict"/>
        public bool ConfigFileStrict { get; set; }

        /// <inheritdoc cref="ConfigLoadOptions.OverrideEnvVars"/>
        public IReadOnlyDictionary<string, string>? OverrideEnvVars { get; set; }

        public virtual object Clone() => MemberwiseClone();
    }
}
