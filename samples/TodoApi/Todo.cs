namespace TodoApi;

/// <summary>Something that somebody wants to do.</summary>
public sealed class Todo
{
    public int Id { get; init; }

    public required string OwnerId { get; init; }

    public required string Title { get; init; }
}

/// <summary>What a client sends to add one.</summary>
public sealed record NewTodo(string Title);

/// <summary>What a client sees of one.</summary>
public sealed record TodoItem(int Id, string Title);
