namespace Countersign.Server.Configuration;

/// <summary>Where the master key comes from. It encrypts all keys in the database.</summary>
internal sealed class MasterKeySource
{
    private const string Key = "Auth:MasterKey";
    private const string PreviousKey = "Auth:PreviousMasterKey";
    private const string FileKey = "Auth:MasterKeyFile";
    private const string DefaultFile = "master.key";
    private const string NewKeyRemedy = "Make one with: countersign secrets new";

    private readonly string? _text;

    private MasterKeySource(string? text, string? file, bool isToBeMade)
    {
        _text = text;
        File = file;
        IsToBeMade = isToBeMade;
    }

    /// <summary>The file of the key; null if the key itself is configured, or if none is needed.</summary>
    public string? File { get; }

    /// <summary>Whether this start makes the file, because it does not exist.</summary>
    public bool IsToBeMade { get; }

    /// <summary>The base64 of the key. It is made now if necessary; null if none is needed.</summary>
    public string? Obtain() => IsToBeMade ? MasterKeyFile.Make(File!) : _text;

    /// <summary>Says where the key comes from, and never shows the key.</summary>
    public override string ToString() => File ?? "configuration";

    /// <summary>Reads where the key comes from, and adds the faults. It makes nothing yet.</summary>
    public static MasterKeySource Read(ConfigurationReading reading, DataLocation data, bool isDevelopment)
    {
        CheckText(reading, PreviousKey);
        if (reading.IsSet(Key))
        {
            if (reading.IsSet(FileKey))
            {
                reading.Fault(FileKey, $"is set, and so is {Key}", "Remove one of them.");
            }

            CheckText(reading, Key);
            return new MasterKeySource(reading.Value(Key), file: null, isToBeMade: false);
        }

        var named = reading.Value(FileKey);
        var file = named is null ? Path.Combine(data.Directory, DefaultFile) : reading.Resolve(named);
        if (named is not null || System.IO.File.Exists(file))
        {
            return ReadFile(reading, file, isConfigured: named is not null);
        }

        return Missing(reading, data, file, isDevelopment);
    }

    private static MasterKeySource ReadFile(ConfigurationReading reading, string file, bool isConfigured)
    {
        if (!MasterKeyFile.TryRead(file, isConfigured, out var text, out var problem) && !reading.IsFaulty(FileKey))
        {
            reading.FaultIn(FileKey, problem.Problem, problem.Remedy);
        }

        return new MasterKeySource(text, file, isToBeMade: false);
    }

    private static MasterKeySource Missing(ConfigurationReading reading, DataLocation data, string file, bool isDevelopment)
    {
        if (data.IsDefault && new FileInfo(data.DatabaseFile!) is { Exists: true, Length: > 0 })
        {
            // The file is always made before the database. So it was lost, and a new key could not decrypt the keys in the database.
            reading.FaultIn(
                FileKey,
                $"leads to {file}, which is missing although the database beside it exists",
                "Restore the file from a backup. If it is lost, put a new key there (countersign secrets new), then: countersign keys revoke --unreadable. " +
                "This makes new keys; accounts stay as they are, and all users must log in again.");
        }
        else if (!data.IsDefault && !isDevelopment && !reading.IsSet("Auth:SecretKey"))
        {
            reading.FaultIn(Key, $"is missing, and {DataLocation.ConnectionStringKey} names a database of your own", $"Set it, or {FileKey}. {NewKeyRemedy}");
        }
        else if (data.IsDefault || isDevelopment)
        {
            return new MasterKeySource(text: null, file, isToBeMade: true);
        }

        return new MasterKeySource(text: null, file: null, isToBeMade: false);
    }

    private static void CheckText(ConfigurationReading reading, string key)
    {
        if (reading.Value(key) is { } text && !MasterKeyFile.IsKey(text))
        {
            reading.Fault(key, "is not the base64 of 32 random bytes", NewKeyRemedy);
        }
    }
}
