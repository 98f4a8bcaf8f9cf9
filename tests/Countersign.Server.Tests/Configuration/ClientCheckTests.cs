namespace Countersign.Server.Tests.Configuration;

public sealed class ClientCheckTests : IDisposable
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string OtherHash = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>What one setting of two sound clients is changed to (null removes it), the key that is blamed, and words of the problem.</summary>
    public static TheoryData<string, string?, string, string> Faults => new()
    {
        { "Auth:Clients:0:Id", null, "Auth:Clients:0:Id", "is missing" },
        { "Auth:Clients:0:Id", "", "Auth:Clients:0:Id", "is set but empty" },
        { "Auth:Clients:0:Id", "a:b", "Auth:Clients:0:Id", "not the id of a client" },
        { "Auth:Clients:0:Id", " api", "Auth:Clients:0:Id", "not the id of a client" },
        { "Auth:Clients:0:Id", "api\u00e9", "Auth:Clients:0:Id", "not the id of a client" },
        { "Auth:Clients:0:Id", "api\t", "Auth:Clients:0:Id", "not the id of a client" },
        { "Auth:Clients:0:Id", new string('a', 256), "Auth:Clients:0:Id", "not the id of a client" },
        { "Auth:Clients:0:Id", "countersign", "Auth:Clients:0:Id", "the public client's" },
        { "Auth:ClientId", "web", "Auth:Clients:1:Id", "the public client's" },
        { "Auth:Clients:1:Id", "api", "Auth:Clients:1:Id", "and so is Auth:Clients:0:Id" },
        { "Auth:Clients:1:SecretHash", null, "Auth:Clients:1:SecretHash", "is missing" },
        { "Auth:Clients:1:SecretHash", "hunter2", "Auth:Clients:1:SecretHash", "not the SHA-256 of a secret" },
        { "Auth:Clients:1:SecretHash", "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08", "Auth:Clients:1:SecretHash", "not the SHA-256 of a secret" },
        { "Auth:Clients:1:SecretHash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0", "Auth:Clients:1:SecretHash", "not the SHA-256 of a secret" },
        { "Auth:Clients:1:SecretHash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "Auth:Clients:1:SecretHash", "not the SHA-256 of a secret" },
        { "Auth:Clients:1:SecretHash", Hash, "Auth:Clients:1:SecretHash", "is the same as Auth:Clients:0:SecretHash" },
        { "Auth:Clients:1:PreviousSecretHash", Hash, "Auth:Clients:1:PreviousSecretHash", "is the same as Auth:Clients:0:SecretHash" },
        { "Auth:Clients:0:PreviousSecretHash", Hash, "Auth:Clients:0:PreviousSecretHash", "is the same as Auth:Clients:0:SecretHash" },
        { "Auth:Clients:0:PreviousSecretHash", "x", "Auth:Clients:0:PreviousSecretHash", "not the SHA-256 of a secret" },
        { "Auth:Clients:0:Audiences:0", null, "Auth:Clients:0:Audiences:0", "is missing" },
        { "Auth:Clients:0:Audiences:0", " ", "Auth:Clients:0:Audiences:0", "is set but empty" },
        { "Auth:Clients:1:Secret", "hunter2", "Auth:Clients:1:Secret", "is not a setting" },
        { "Auth:Clients:web:Id", "web", "Auth:Clients:web:Id", "is not a setting" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void TryRead_OneFaultOfAClient_IsNamed(string key, string? value, string source, string problem)
    {
        var settings = Sound();
        settings[key] = value;
        if (key == "Auth:Clients:web:Id")
        {
            // A name where an index belongs: what is under it can't be a client.
            settings.Remove("Auth:Clients:1:Id");
            settings.Remove("Auth:Clients:1:SecretHash");
            settings.Remove("Auth:Clients:1:Audiences:0");
        }

        var (read, faults) = SettingsReading.Read(_directory.Path, settings);

        Assert.Null(read);
        Assert.Contains(faults, fault => fault.Key == source && fault.Problem.Contains(problem, StringComparison.Ordinal));
        Assert.True(faults.Count == 1 || key == "Auth:Clients:web:Id", string.Join('\n', faults));
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("hunter2", StringComparison.Ordinal) || fault.ToString().Contains(Hash, StringComparison.Ordinal));
    }

    [Fact]
    public void TryRead_SoundClients_NoFault()
    {
        var settings = Sound();
        settings["Auth:Clients:0:PreviousSecretHash"] = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9";
        settings["Auth:Clients:0:Audiences:1"] = "https://other.example.com";
        settings["Auth:Clients:1:Id"] = "a client! ~ of %41 odd ids";

        Assert.Empty(SettingsReading.Read(_directory.Path, settings).Faults);
    }

    [Fact]
    public void TryRead_ManyFaults_AreFoundInOnePass()
    {
        var (_, faults) = SettingsReading.Read(_directory.Path, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Clients:0:Id"] = "countersign",
            ["Auth:Clients:4:SecretHash"] = "x",
            ["Auth:Clients:4:Audiences:7"] = "",
            ["Auth:Clients:5:Nonsense"] = "x",
        });

        Assert.Equal(
            [
                "Auth:Clients:0:Audiences:0", "Auth:Clients:0:Id", "Auth:Clients:0:SecretHash", "Auth:Clients:4:Audiences:0", "Auth:Clients:4:Audiences:7", "Auth:Clients:4:Id",
                "Auth:Clients:4:SecretHash", "Auth:Clients:5:Nonsense",
            ],
            faults.Select(fault => fault.Key).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, string?> Sound() => new(StringComparer.Ordinal)
    {
        ["Auth:Clients:0:Id"] = "api",
        ["Auth:Clients:0:SecretHash"] = Hash,
        ["Auth:Clients:0:Audiences:0"] = "https://auth.example.com",
        ["Auth:Clients:1:Id"] = "web",
        ["Auth:Clients:1:SecretHash"] = OtherHash,
        ["Auth:Clients:1:Audiences:0"] = "https://auth.example.com",
    };
}
