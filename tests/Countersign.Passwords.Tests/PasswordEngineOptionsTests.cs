namespace Countersign.Passwords.Tests;

public sealed class PasswordEngineOptionsTests
{
    public static TheoryData<string, Action<PasswordEngineOptions>> Faults { get; } = new()
    {
        { "Format", options => options.Format = (PasswordFormat)2 },
        { "IdentityIterations", options => (options.Format, options.IdentityIterations) = (PasswordFormat.Identity, 9_999) },
        { "IdentityIterations", options => (options.Format, options.IdentityIterations) = (PasswordFormat.Identity, 10_000_001) },
        { "Cost", options => options.Cost = 9 },
        { "Cost", options => options.Cost = 17 },
        { "Cost", options => (options.LowestCost, options.Cost) = (0, 3) },
        { "MaxStoredCost", options => options.MaxStoredCost = 11 },
        { "MaxStoredCost", options => options.MaxStoredCost = 21 },
        { "Workers", options => options.Workers = -1 },
        { "Workers", options => options.Workers = 257 },
        { "QueueLimit", options => options.QueueLimit = TimeSpan.Zero },
        { "QueueLimit", options => options.QueueLimit = TimeSpan.FromSeconds(61) },
        { "QueueTimeout", options => options.QueueTimeout = TimeSpan.Zero },
        { "QueueTimeout", options => options.QueueTimeout = TimeSpan.FromSeconds(61) },
        { "MaxNetworkShare", options => options.MaxNetworkShare = 0 },
        { "MaxNetworkShare", options => options.MaxNetworkShare = 1.01 },
        { "MaxNetworkShare", options => options.MaxNetworkShare = double.NaN },
        { "MaxPerAccount", options => options.MaxPerAccount = 0 },
        { "MaxPerAccount", options => options.MaxPerAccount = 101 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Constructor_SettingOutsideItsRange_NamesIt(string option, Action<PasswordEngineOptions> change)
    {
        var options = new PasswordEngineOptions();
        change(options);

        var exception = Assert.Throws<ArgumentException>(() => new PasswordEngine(options, TimeProvider.System));
        Assert.Equal(option, exception.ParamName);
        Assert.Contains($"PasswordEngineOptions.{option} ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(option, Assert.Throws<ArgumentException>(() => new PasswordHasher(options)).ParamName);
    }

    [Fact]
    public async Task Constructor_Defaults_AreTheDocumentedOnes()
    {
        var options = new PasswordEngineOptions();
        await using var engine = new PasswordEngine(options, TimeProvider.System);

        Assert.Equal((12, 16, 0, 0.25, 2), (options.Cost, options.MaxStoredCost, options.Workers, options.MaxNetworkShare, options.MaxPerAccount));
        Assert.Equal((PasswordFormat.Bcrypt, 100_000), (options.Format, options.IdentityIterations));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)), (options.QueueLimit, options.QueueTimeout));
    }

    /// <summary>An app whose own Identity settings are low must not be stopped by a number that nothing uses.</summary>
    [Fact]
    public void Constructor_FewIterationsUnderBcrypt_AreNotLookedAt()
    {
        var hasher = new PasswordHasher(new PasswordEngineOptions { Cost = 10, IdentityIterations = 1 });

        Assert.StartsWith("$2b$10$", hasher.Hash("password"), StringComparison.Ordinal);
    }
}
