using Countersign.Passwords.Argon2.Tests.Support;

namespace Countersign.Passwords.Argon2.Tests;

public sealed class Argon2idSchemeTests
{
    private const string Salt = "c29tZXNhbHQ";
    private const string Tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    public static TheoryData<string, string> NotRead { get; } = new()
    {
        { "empty", "" },
        { "prefix alone", "$argon2id$v=19$" },
        { "key id", $"$argon2id$v=19$m=256,t=2,p=1,keyid=AAAA${Salt}${Tag}" },
        { "data", $"$argon2id$v=19$m=256,t=2,p=1,data=AAAA${Salt}${Tag}" },
        { "key id instead", $"$argon2id$v=19$m=256,t=2,keyid=1${Salt}${Tag}" },
        { "plus sign", $"$argon2id$v=19$m=+256,t=2,p=1${Salt}${Tag}" },
        { "space", $"$argon2id$v=19$m=256, t=2,p=1${Salt}${Tag}" },
        { "upper case parameter", $"$argon2id$v=19$M=256,t=2,p=1${Salt}${Tag}" },
        { "digits that are not ASCII", $"$argon2id$v=19$m=25\u0666,t=2,p=1${Salt}${Tag}" },
        { "no number", $"$argon2id$v=19$m=,t=2,p=1${Salt}${Tag}" },
        { "hexadecimal", $"$argon2id$v=19$m=0x100,t=2,p=1${Salt}${Tag}" },
        { "less than 8 KiB a lane", $"$argon2id$v=19$m=15,t=2,p=2${Salt}${Tag}" },
        { "padded hash", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Tag}=" },
        { "padded salt that needs it", $"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR=${Tag}" },
        { "white space in the hash", $"$argon2id$v=19$m=256,t=2,p=1${Salt}$ {Tag}" },
        { "newline behind it", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Tag}\n" },
        { "newline in the salt", $"$argon2id$v=19$m=256,t=2,p=1$c29t\nZXNhbHQ${Tag}" },
        { "salt of 7 bytes", $"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbA${Tag}" },
        { "salt of 65 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Text(65)}${Tag}" },
        { "hash of 12 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Text(12)}" },
        { "hash of 33 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Text(33)}" },
        { "hash of 68 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Text(68)}" },
        { "above the default memory", Stored.With("m=262145,t=1,p=1") },
        { "above the default passes", Stored.With("m=256,t=17,p=1") },
        { "above the default lanes", Stored.With("m=256,t=2,p=17") },
        { "above the default work", Stored.With("m=262144,t=5,p=1") },
        { "nine digits", Stored.With("m=999999999,t=999999999,p=99999999") },
        { "ten digits", Stored.With("m=1000000000,t=1,p=1") },
    };

    public static TheoryData<string, string> Read { get; } = new()
    {
        { "8 KiB", Stored.With("m=8,t=1,p=1") },
        { "8 KiB a lane", Stored.With("m=128,t=1,p=16") },
        { "the default memory", Stored.With("m=262144,t=1,p=1") },
        { "the default work", Stored.With("m=262144,t=4,p=1") },
        { "the default passes", Stored.With("m=65536,t=16,p=1") },
        { "RFC 9106's second recommendation", Stored.With("m=65536,t=3,p=4") },
        { "OWASP's first", Stored.With("m=47104,t=1,p=1") },
        { "libsodium's moderate", Stored.With("m=262144,t=3,p=1") },
        { "salt of 64 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Text(64)}${Tag}" },
        { "hash of 16 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Text(16)}" },
        { "hash of 64 bytes", $"$argon2id$v=19$m=256,t=2,p=1${Salt}${Text(64)}" },
    };

    public static TheoryData<string, Action<Argon2idOptions>> Faults { get; } = new()
    {
        { "MaxMemoryKibibytes", options => options.MaxMemoryKibibytes = 7 },
        { "MaxMemoryKibibytes", options => options.MaxMemoryKibibytes = 1_048_577 },
        { "MaxIterations", options => options.MaxIterations = 0 },
        { "MaxIterations", options => options.MaxIterations = 101 },
        { "MaxParallelism", options => options.MaxParallelism = 0 },
        { "MaxParallelism", options => options.MaxParallelism = 65 },
        { "MaxWorkKibibytes", options => options.MaxWorkKibibytes = 7 },
        { "MaxWorkKibibytes", options => options.MaxWorkKibibytes = 16_777_217 },
        { "MaxConcurrent", options => options.MaxConcurrent = -1 },
        { "MaxConcurrent", options => options.MaxConcurrent = 257 },
    };

    [Theory]
    [MemberData(nameof(NotRead))]
    public void TryParse_AnythingElse_False(string what, string text) => Assert.False(new Argon2idFormat().TryParse(text, out _), what);

    [Theory]
    [MemberData(nameof(Read))]
    public void TryParse_WithinTheLimits_Read(string what, string text) => Assert.True(new Argon2idFormat().TryParse(text, out _), what);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Constructor_SettingOutsideItsRange_NamesIt(string option, Action<Argon2idOptions> change)
    {
        var options = new Argon2idOptions();
        change(options);

        Assert.Equal(option, Assert.Throws<ArgumentException>(() => new Argon2idFormat(options)).ParamName);
    }

    [Fact]
    public void Constructor_OptionsChangedAfterwards_KeepsWhatItRead()
    {
        var options = new Argon2idOptions { MaxMemoryKibibytes = 128 };
        var scheme = new Argon2idFormat(options);
        options.MaxMemoryKibibytes = 1024;

        Assert.False(scheme.TryParse(Stored.Cheap, out _));
    }

    [Theory]
    [InlineData(Stored.Cheap)]
    [InlineData(Stored.TwoLanes)]
    public void Verify_RightPassword_AsksForRehash(string stored)
    {
        var hasher = new PasswordHasher(10, [new Argon2idFormat()]);

        Assert.Equal(PasswordVerification.SuccessRehashNeeded, hasher.Verify(Stored.Password, stored));
        Assert.Equal(PasswordVerification.Failed, hasher.Verify("passwore", stored));
    }

    [Fact]
    public void Verify_WithoutTheScheme_Failed() => Assert.Equal(PasswordVerification.Failed, new PasswordHasher(10).Verify(Stored.Password, Stored.Cheap));

    [Fact]
    public void Verify_AboveALimit_NothingIsComputed()
    {
        var computation = new CountedComputation();
        var hasher = new PasswordHasher(10, [new Argon2idFormat(new Argon2idOptions(), computation.Compute)]);
        foreach (var row in NotRead)
        {
            Assert.Equal(PasswordVerification.Failed, hasher.Verify(Stored.Password, row.Data.Item2));
        }

        Assert.Equal(0, computation.Calls);
        hasher.Verify(Stored.Password, Stored.Cheap);
        Assert.Equal(1, computation.Calls);
    }

    /// <summary>Base64 without padding of so many bytes.</summary>
    private static string Text(int bytes) => Convert.ToBase64String(Enumerable.Range(0, bytes).Select(number => (byte)number).ToArray()).TrimEnd('=');
}
