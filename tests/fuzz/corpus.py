"""What inputs are made from: the bulletins, reports, rosters and files of the other tests."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from config.demo import demo_people_rows, demo_roster_rows
from tests.stories.room import ZONE
from tests.stories.conftest import MORNING

INPUTS = Path(__file__).parents[1] / "inputs"
TYPED = (
    *("收到 W1", "已传达 W1 广播 32户", "无法传达 W1 停电", "值班", "值班表 2026-08", "交班", "接班", "签发 E1", "退回 E1 不实"),
    *("续报 E1 明火已扑灭，1人轻伤已送医", "终报 E1 处置完毕，人员返回", "无变化 E1", "延期 E1 30分钟 路上堵车", "定级 E1 较大 伤人多"),
    *("E1 伤亡 更正：受伤2人", "E1 地点 海棠里4号楼", "E1 时间 今天9点40分", "更正 E1 死亡 0人", "台账 W1", "台账 E1"),
    *("记录 巡查河道，水位正常", "更正 L1 巡查完毕", "指令 @何琳 17:00前 报送积水点", "待办 明天8点前 检查沙袋", "已办结 T1 做完了"),
    *("电话已叫应 W1 赵永明 复述无误", "未叫通 W1 赵永明 关机", "转移 E1 12户30人 到东柳小学", "返回 E1 30人", "到达 E1 消防 3车15人"),
    *("调班 S1 何琳 家中有事", "请假 7月28日至7月30日 病假", "顶班 S2", "日历", "我的班", "设置", "通道 刘海芝 短信", "邀请 李新 13912345678"),
    *("响应 防汛 四级", "解除响应", "并入 E1 E2", "重开 E1 又冒烟", "来源", "备份", "状态", "帮助", "排班 8月", "零报告", "日志 今天"),
)


@cache
def reports() -> tuple[str, ...]:
    """Return first words and follow-ups."""
    found = [
        row["text"]
        for name in ("manifest.toml", "phrasings.toml")
        for row in _rows(tomllib.loads((INPUTS / "reports" / name).read_text("utf-8")))
    ]
    return tuple(found)


def _rows(node: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - TOML
    if isinstance(node, dict):
        own = [node] if isinstance(node.get("text"), str) else []
        return own + [row for inner in node.values() for row in _rows(inner)]
    return [row for inner in node for row in _rows(inner)] if isinstance(node, list) else []


@cache
def bulletin_files() -> tuple[bytes, ...]:
    """Return bulletins as files, XML and text."""
    return tuple(
        file.read_bytes()
        for file in [*sorted((INPUTS / "bulletins").iterdir()), INPUTS / "cap_alert.xml"]
        if file.suffix in (".txt", ".xml")
    )


@cache
def bulletins() -> tuple[str, ...]:
    """Return bulletins as texts."""
    return tuple(data.decode("utf-8", "replace") for data in bulletin_files() if not data.startswith(b"\xff\xfe"))


@cache
def texts() -> tuple[str, ...]:
    """Return everything that people type."""
    return (*TYPED, *reports(), *(t for t in bulletins() if not t.startswith("<")), *(f"首报 {t}" for t in reports()))


@cache
def tables() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return sheets as rows of cells: people, rosters in two layouts, leave, a scheme, holidays."""
    day = MORNING.astimezone(ZONE).date()
    month = [["沽水街道2026年7月值班表"], ["姓名", *map(str, range(1, 32))], ["张慧敏", *("带", "") * 15], ["郑伟", *("白", "夜") * 15]]
    made: list[list[list[str]]] = [
        [list(map(str, row)) for row in demo_people_rows()[:30]],
        [list(map(str, row)) for row in demo_roster_rows(day, 10)],
        month,
        [["姓名", "开始日期", "结束日期", "事由"], ["郑伟", "2026-07-28", "7月30日", "病假"]],
        [["班次", "时间", "人数"], ["白班", "08:30-17:30", "2"], ["夜班", "17:30-次日08:30", "1"]],
        [["2026年节假日安排"], ["日期", "类别", "名称"], ["10月1日至10月7日", "休", "国庆节"]],
        [["日期", "带班领导", "值班人员", "副班"], ["2026-08-01", "张慧敏", "郑伟、何琳", "杨帆"]],
    ]
    return tuple(tuple(tuple(row) for row in one) for one in made)


@cache
def sheets() -> tuple[bytes, ...]:
    """Return sheets as files."""
    return tuple(
        file.read_bytes() for file in sorted((INPUTS / "rosters").iterdir()) if file.suffix in (".xlsx", ".xls", ".csv", ".txt")
    )


@cache
def templates() -> tuple[bytes, ...]:
    """Return the Word templates that come with the program."""
    folder = Path(__file__).parents[2] / "messages" / "documents"
    return tuple(file.read_bytes() for file in sorted(folder.glob("*.docx")))
