using System.Security.Cryptography;
using System.Text;
using Countersign.Passwords.Formats;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Passwords.Tests;

/// <summary>
/// What <see cref="PasswordFormat.Identity"/> writes, takes and replaces, by the hasher and by the engine. Identity's own hasher is met in the ASP.NET Core
/// suite.
/// </summary>
public sealed class PasswordFormatTests : IAsyncDisposable
{
    private const int Iterations = 10_000;

    private readonly PasswordEngine _engine = new(Options(PasswordFormat.Identity), new FakeTimeProvider());
    private readonly PasswordHasher _hasher = new(Options(PasswordFormat.Identity));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData("password")]
    [InlineData("")]
    [InlineData("pässwörd €")]
    public async Task Hash_Identity_IsVersion3OfThePlatform(string password)
    {
        foreach (string hash in new[] { await _engine.HashAsync(password), _hasher.Hash(password) })
        {
            byte[] blob = Convert.FromBase64String(hash);

            // Version, HMAC-SHA-512, iterations, length of the salt.
            Assert.Equal(61, blob.Length);
            Assert.Equal("010000000200002710" + "00000010", Convert.ToHexString(blob[..13]));
            Assert.Equal(PasswordVerification.Success, await _engine.VerifyAsync(password, hash));
            Assert.Equal(PasswordVerification.Success, _hasher.Verify(password, hash));
            Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync(password + "x", hash));
        }
    }

    [Fact]
    public async Task HashAsync_Identity_NewSaltEachTime() => Assert.NotEqual(await _engine.HashAsync("password"), await _engine.HashAsync("password"));

    [Theory]
    [InlineData(PasswordFormat.Bcrypt, PasswordFormat.Bcrypt, PasswordVerification.Success)]
    [InlineData(PasswordFormat.Bcrypt, PasswordFormat.Identity, PasswordVerification.SuccessRehashNeeded)]
    [InlineData(PasswordFormat.Identity, PasswordFormat.Bcrypt, PasswordVerification.SuccessRehashNeeded)]
    [InlineData(PasswordFormat.Identity, PasswordFormat.Identity, PasswordVerification.Success)]
    public async Task Verify_HashOfEitherFormat_TheOtherOneIsReplaced(PasswordFormat configured, PasswordFormat stored, PasswordVerification expected)
    {
        string hash = new PasswordHasher(Options(stored)).Hash("password");
        await using var engine = new PasswordEngine(Options(configured), TimeProvider.System);

        Assert.Equal(expected, await engine.VerifyAsync("password", hash));
        Assert.Equal(expected, new PasswordHasher(Options(configured)).Verify("password", hash));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyAsync("Password", hash));
    }

    [Theory]
    [InlineData(Iterations, 2u, PasswordVerification.Success, "as written")]
    [InlineData(Iterations + 1, 2u, PasswordVerification.Success, "more iterations")]
    [InlineData(Iterations - 1, 2u, PasswordVerification.SuccessRehashNeeded, "fewer iterations")]
    [InlineData(Iterations * 2, 1u, PasswordVerification.SuccessRehashNeeded, "SHA-256")]
    [InlineData(Iterations * 2, 0u, PasswordVerification.SuccessRehashNeeded, "SHA-1")]
    public void Verify_Version3_WeakerThanWrittenTodayIsReplaced(int iterations, uint function, PasswordVerification expected, string because)
    {
        string hash = Version3("password", iterations, function);

        Assert.True(_hasher.Verify("password", hash) == expected, because);
    }

    [Fact]
    public void Verify_OtherPbkdf2OfManyIterations_IsReplaced()
    {
        // The same function under another name: an application with Identity alone can't read it.
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, _hasher.Verify("password", Hashers.Django("password")));
    }

    /// <summary>Identity knows nothing of NFC: the text is hashed as it was sent, so that it is accepted wherever it is typed the same way.</summary>
    [Fact]
    public void Hash_TextThatIsNotNfc_IsOfTheBytesAsSent()
    {
        const string Sent = "e\u0301t\u00e9";
        string hash = _hasher.Hash(Sent);

        Assert.True(((Pbkdf2Hash)StoredHash.TryParse(hash, 16)!).Matches(Encoding.UTF8.GetBytes(Sent)));
        Assert.Equal(PasswordVerification.Success, _hasher.Verify(Sent, hash));

        // Neither form replaces the other: two keyboards would take turns.
        Assert.Equal(PasswordVerification.Success, _hasher.Verify(Sent, _hasher.Hash(Sent.Normalize())));
    }

    [Fact]
    public void Verify_TextThatCannotBeAPassword_Failed()
    {
        Assert.Equal(PasswordVerification.Failed, _hasher.Verify(new string('p', 5000), _hasher.Hash("dummy password")));
        Assert.Equal(PasswordVerification.Failed, _hasher.Verify("\ufffe", null));
        Assert.Throws<ArgumentException>("password", () => _hasher.Hash(new string('p', 5000)));
    }

    public static TheoryData<string, string?> Stored { get; } = new()
    {
        { "missing", null },
        { "unreadable", "plain text" },
        { "bcrypt at the configured cost", "$2b$06$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "cheaper bcrypt", "$2b$04$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC" },
        { "Identity as written", Version3("another", Iterations, 2) },
        { "Identity, old", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw" },
        { "Django", Hashers.Django("another") },
    };

    /// <summary>The clock stands, so time in PBKDF2 counts as none: what is left is made up in lanes, the same for all.</summary>
    [Theory]
    [MemberData(nameof(Stored))]
    public async Task VerifyAsync_Identity_FailureTakesTheSameRounds(string kind, string? stored)
    {
        using var recorder = new Recorder(_engine.Metrics.Meter);

        Assert.Equal(PasswordVerification.Failed, await _engine.VerifyAsync("wrong password", stored));

        Assert.True(recorder.Sum(PasswordMetrics.RoundsName) == Usual, $"{kind}: {recorder.Sum(PasswordMetrics.RoundsName)} rounds.");
    }

    /// <summary>Without an account the same function is computed, in the same place, as for an account whose hash is up to date.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData("plain text", true)]
    [InlineData("$2b$06$CCCCCCCCCCCCCCCCCCCCC.Cg0ly9t/KVBCBYYDfOmZKwry9JuXClC", false)]
    public void BeginsOffLanes_Identity_UnknownAccountsDoAsTheUpToDateOnes(string? stored, bool expected)
    {
        var scheme = new PasswordScheme(Options(PasswordFormat.Identity), new WorkRate(), TimeProvider.System);

        Assert.Equal(expected, scheme.BeginsBlocking(scheme.Parse(stored)));
        Assert.True(scheme.BeginsBlocking(scheme.Parse(Version3("another", Iterations, 2))));
    }

    /// <summary>What the pad is for: an iteration count that takes longer than a bcrypt hash at the configured cost sets the work of every refusal.</summary>
    [Fact]
    public void UsualRounds_IdentityDearerThanBcrypt_IsIts()
    {
        var options = Options(PasswordFormat.Identity);
        options.IdentityIterations = 10_000_000;

        Assert.Equal(10_000_000 / 35 / 4, new PasswordScheme(options, new WorkRate(), TimeProvider.System).UsualRounds);
        options.Format = PasswordFormat.Bcrypt;
        Assert.Equal(64, new PasswordScheme(options, new WorkRate(), TimeProvider.System).UsualRounds);
    }

    /// <summary>10,000 iterations are reckoned as more than the 64 rounds of cost 6.</summary>
    private const int Usual = Iterations / 35 / 4;

    private static PasswordEngineOptions Options(PasswordFormat format) =>
        new() { LowestCost = 4, Cost = 6, MaxStoredCost = 8, Format = format, IdentityIterations = Iterations };

    private static string Version3(string password, int iterations, uint function)
    {
        byte[] salt = [.. Enumerable.Range(0, 16).Select(static number => (byte)number)];
        var algorithm = function switch { 0 => HashAlgorithmName.SHA1, 1 => HashAlgorithmName.SHA256, _ => HashAlgorithmName.SHA512 };
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, algorithm, 32);
        byte[] number = [(byte)(iterations >> 24), (byte)(iterations >> 16), (byte)(iterations >> 8), (byte)iterations];
        return Convert.ToBase64String([1, 0, 0, 0, (byte)function, .. number, 0, 0, 0, 16, .. salt, .. key]);
    }
}
