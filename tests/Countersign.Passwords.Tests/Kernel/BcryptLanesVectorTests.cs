using System.Runtime.Intrinsics.X86;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Kernel;

/// <summary>Known answers, each of them through every width, and in every lane of it.</summary>
public sealed class BcryptLanesVectorTests
{
    /// <summary>Above it a row runs once for each lane by the processor's own way only, and in the larger suite only: the rest would take minutes.</summary>
    private const int CostForBothSelections = 8;

    private static readonly int CostForPreferred = Suite.Count(usual: CostForBothSelections, all: int.MaxValue);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Finish_KnownAnswers_AgreeInEveryLane(int width, bool extractsBytes)
    {
        Assert.SkipWhen(extractsBytes && !Bmi1.IsSupported, "The processor has no BMI1.");
        bool isPreferred = extractsBytes == Bmi1.IsSupported;
        BcryptVector[] vectors = [.. BcryptVector.ReadAll().Where(vector => vector.Cost <= (isPreferred ? CostForPreferred : CostForBothSelections))];
        using var lanes = new BcryptLanes(width, extractsBytes);
        List<string> wrong = [];
        for (int start = 0; start < vectors.Length; start += width)
        {
            for (int rotation = 0; rotation < width; rotation++)
            {
                BcryptVector[] batch = [.. Enumerable.Range(0, width).Select(lane => vectors[(start + ((lane + rotation) % width)) % vectors.Length])];
                wrong.AddRange(Run(lanes, batch));
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Advance_CostsMixedAndLanesRefilled_AllAgree(int width)
    {
        BcryptVector[] vectors = [.. BcryptVector.ReadAll().Where(vector => vector.Cost <= 8)];
        var random = new Random(width);
        random.Shuffle(vectors);
        using var lanes = new BcryptLanes(width);
        var waiting = new Queue<BcryptVector>(vectors);
        List<(BcryptVector Vector, BcryptRequest Request)> running = [];
        HashSet<(int, int)> mixtures = [];
        List<string> wrong = [];
        while (waiting.Count > 0 || running.Count > 0)
        {
            // Sometimes a free lane stays free for a while, so that the width changes in the middle of hashes.
            while (running.Count < width && waiting.Count > 0 && (running.Count == 0 || random.Next(3) > 0))
            {
                var vector = waiting.Dequeue();
                running.Add((vector, vector.Request()));
                lanes.Begin(running[^1].Request);
            }

            mixtures.Add((lanes.Active, running.Select(lane => lane.Vector.Cost).Distinct().Count()));
            long left = Enumerable.Range(0, lanes.Active).Min(lanes.RoundsLeft);
            lanes.Advance(random.NextInt64(1, left + 1));
            for (int lane = lanes.Active - 1; lane >= 0; lane--)
            {
                if (lanes.RoundsLeft(lane) == 0)
                {
                    lanes.Finish(lane);
                    wrong.AddRange(Wrong(running[lane].Vector, running[lane].Request));
                    running[lane] = running[^1];
                    running.RemoveAt(running.Count - 1);
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Contains((width, width), mixtures);
        Assert.Equal(Enumerable.Range(1, width), mixtures.Select(mixture => mixture.Item1).Distinct().Order());
    }

    private static IEnumerable<string> Run(BcryptLanes lanes, BcryptVector[] batch)
    {
        List<(BcryptVector Vector, BcryptRequest Request)> running = [.. batch.Select(vector => (vector, vector.Request()))];
        foreach (var (_, request) in running)
        {
            lanes.Begin(request);
        }

        while (running.Count > 0)
        {
            lanes.Advance(Enumerable.Range(0, lanes.Active).Min(lanes.RoundsLeft));
            for (int lane = lanes.Active - 1; lane >= 0; lane--)
            {
                if (lanes.RoundsLeft(lane) == 0)
                {
                    lanes.Finish(lane);
                    foreach (string wrong in Wrong(running[lane].Vector, running[lane].Request))
                    {
                        yield return $"lane {lane}: {wrong}";
                    }

                    running[lane] = running[^1];
                    running.RemoveAt(running.Count - 1);
                }
            }
        }
    }

    private static IEnumerable<string> Wrong(BcryptVector vector, BcryptRequest request)
    {
        string digest = BcryptBase64.Encode(request.Digest);
        if (digest != vector.Digest)
        {
            yield return $"{vector.Name}: {digest}";
        }
    }
}
