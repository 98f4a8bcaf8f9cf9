using System.Text;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Kernel;

/// <summary>Random passwords against two other implementations. Four lanes at work, of costs 4 to 6, refilled as they end.</summary>
public sealed class BcryptLanesDifferentialTests
{
    private static readonly int Passwords = Suite.Count(usual: 300, all: 2000);

    [Fact]
    public void Finish_RandomBytes_AgreeWithLibxcrypt()
    {
        LibXcrypt.SkipIfAbsent();

        // All lengths that crypt_r takes for bcrypt without truncating, and some beyond; any byte but NUL.
        Compare(20261122, random => [.. Enumerable.Range(0, random.Next(90)).Select(_ => (byte)random.Next(1, 256))], LibXcrypt.Hash);
    }

    [Fact]
    public void Finish_RandomText_AgreeWithBCryptNet() => Compare(
        20261123,
        random => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(19)).Select(_ => new Rune(random.Next(1, 0xD800))))),
        (password, setting) => BCrypt.Net.BCrypt.HashPassword(Encoding.UTF8.GetString(password), setting, enhancedEntropy: false));

    private static void Compare(int seed, Func<Random, byte[]> next, Func<ReadOnlySpan<byte>, string, string> peer)
    {
        var random = new Random(seed);
        using var lanes = new BcryptLanes(BcryptLanes.MaxWidth);
        List<(byte[] Password, BcryptRequest Request)> running = [];
        List<string> wrong = [];
        int begun = 0, compared = 0;
        while (begun < Passwords || running.Count > 0)
        {
            while (running.Count < lanes.Width && begun < Passwords)
            {
                byte[] password = next(random);
                var salt = new byte[Bcrypt.SaltBytes];
                random.NextBytes(salt);
                running.Add((password, new BcryptRequest(password, salt, Bcrypt.Rounds(random.Next(4, 7)), HashPurpose.New)));
                lanes.Begin(running[^1].Request);
                begun++;
            }

            lanes.Advance(Enumerable.Range(0, lanes.Active).Min(lanes.RoundsLeft));
            for (int lane = lanes.Active - 1; lane >= 0; lane--)
            {
                if (lanes.RoundsLeft(lane) == 0)
                {
                    lanes.Finish(lane);
                    var (password, request) = running[lane];
                    string setting = $"$2b${request.Cost:D2}${BcryptBase64.Encode(request.Salt)}";
                    string expected = peer(password, setting);
                    if (setting + BcryptBase64.Encode(request.Digest) != expected)
                    {
                        wrong.Add($"{Convert.ToHexString(password)}: {expected}");
                    }

                    compared++;
                    running[lane] = running[^1];
                    running.RemoveAt(running.Count - 1);
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(Passwords, compared);
    }
}
