using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Tests.Feed;

/// <summary>
/// The order of <see cref="FeedMark"/>, as a model: one token is made while claims change twice, in every order in which the steps can follow each other. A
/// change writes the account and then the entry. The token reads the number and the account. Safe: the token has the last claims, or is stale by the last entry.
/// </summary>
public sealed class FeedMarkTests
{
    private delegate void Step(Model model);

    private static readonly Step ReadNumber = static model => model.Number = model.Head;
    private static readonly Step ReadAccount = static model => model.Read = model.Claims;
    private static readonly Step WriteAccount = static model => model.Claims++;
    private static readonly Step WriteEntry = static model => model.Head++;

    [Fact]
    public void Schedules_NumberBeforeAccount_NoneIsUnsafe() => Assert.Empty(UnsafeSchedules(ReadNumber, ReadAccount));

    /// <summary>The model can fail: the other order lets old claims live until the token expires.</summary>
    [Fact]
    public void Schedules_AccountBeforeNumber_SomeAreUnsafe() => Assert.NotEmpty(UnsafeSchedules(ReadAccount, ReadNumber));

    private static List<Model> UnsafeSchedules(params Step[] token)
    {
        Step[] change = [WriteAccount, WriteEntry];
        var schedules = Interleave([change, change, token]).ToList();
        Assert.Equal(6 * 5 / 2 * (4 * 3 / 2), schedules.Count);
        return [.. schedules.Select(Run).Where(static end => end.Read != end.Claims && end.Number >= end.Head)];
    }

    private static Model Run(IEnumerable<Step> schedule)
    {
        var model = new Model();
        foreach (var step in schedule)
        {
            step(model);
        }

        return model;
    }

    private static IEnumerable<IReadOnlyList<Step>> Interleave(IReadOnlyList<Step[]> threads)
    {
        if (threads.All(static thread => thread.Length == 0))
        {
            yield return [];
            yield break;
        }

        for (var i = 0; i < threads.Count; i++)
        {
            if (threads[i] is [var first, .. var rest])
            {
                foreach (var schedule in Interleave([.. threads.Take(i), rest, .. threads.Skip(i + 1)]))
                {
                    yield return [first, .. schedule];
                }
            }
        }
    }

    private sealed class Model
    {
        public int Claims { get; set; }

        public int Head { get; set; }

        public int Number { get; set; }

        public int Read { get; set; }
    }
}
