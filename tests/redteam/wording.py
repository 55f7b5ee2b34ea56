"""Made-up narratives in the words of applications; no sentence is of a real firm.

Sentences are put together from clauses, so that two honest firms of one trade share
words and stock phrases and still tell different stories.
"""

import random

TRADES = {
    "C2652": "合成橡胶 密封胶 弹性体 硅橡胶 氟橡胶 胶粘带 减振垫 阻燃料",
    "C2929": "注塑件 管接头 薄膜 改性塑料 保温板 壳体 卡扣 导管",
    "C3240": "合金棒材 铜带 铝型材 钛板 镁合金 焊丝 靶材 粉末",
    "C3311": "钢结构件 桁架 铁塔 支架 护栏 立柱 连接板 节点球",
    "C3484": "精密轴 法兰 齿轮坯 导轨 丝杠 衬套 销轴 阀芯",
    "C3492": "直线模组 关节减速器 夹爪 工业机械手 搬运小车 控制柜 示教器 滑台",
    "C3562": "划片机 键合机 清洗机 涂胶显影机 探针台 分选机 固晶机 测试座",
    "C3670": "制动盘 转向节 线束 悬架臂 油泵 雨刮器 座椅骨架 传感器支架",
    "C3824": "断路器 隔离开关 环网柜 电流互感器 熔断器 母线槽 继电保护装置 避雷器",
    "C3976": "光模块 红外探测器 显示驱动板 激光器 滤光片 光栅 光纤阵列 摄像模组",
    "C4014": "流量计 压力变送器 温控仪 气体检测仪 液位计 分析仪 称重传感器 调节阀",
    "I6513": "排产软件 质量追溯系统 能耗管理平台 设备运维软件 仿真软件 数据采集网关 仓储系统 视觉检测软件",
}
_WHEN = (
    "自成立以来|近三年来|在报告期内|经过多年积累|围绕客户的新要求|面对原材料涨价|在疫后恢复阶段|"
    "结合现场反馈|按照年度计划|依托省内高校|根据行业标准的修订|为替代进口产品|随着下游扩产|"
    "在老厂区改造期间|通过并线试生产|从小批量试制起|立足细分市场|针对高温高湿环境|为缩短交期|"
    "配合主机厂同步开发|借助数字化车间|在华东和西南两地|经三轮样机验证|以项目制方式|从工艺源头入手|"
    "参照军品质量体系|面向海外认证|在车间主任牵头下|利用自筹资金|与上游材料厂一起"
)
_WHO = (
    "公司|本公司|研发中心|技术部|工艺组|我司团队|项目组|企业|质量部|公司的工程师们|"
    "创始团队|装备车间|实验室|产品线|设计所|公司与合作院校|骨干技术人员|生产部|"
    "试制班组|市场与研发联合小组"
)
_VERB = (
    "研制出|改进了|建成|掌握了|攻克了|开发了|优化了|引入了|完成了|搭建起|形成了|验证了|"
    "推广了|淘汰了旧的|自主设计了|重新布置了|申请了专利保护的|批量应用了|沉淀出|固化了|"
    "替换了进口的|试用了|升级了|打通了|标定了|量化了|编写了|规范了|补齐了|率先采用了"
)
_HOW = (
    "高精度|低噪声|耐腐蚀|轻量化|模块化|可追溯的|一体成型的|双工位|全闭环|在线式|免维护|"
    "多层复合|分布式|自适应|快换式|宽温域|微米级|抗干扰|无铅|防爆型|节水型|柔性|"
    "六轴联动|带自诊断的|可扩展的|恒张力|超薄|高导热|真空密封|视觉引导的|远程可控的|"
    "经老化筛选的|按批次编码的|低应力|短流程|小批量多品种的|符合新国标的|内嵌算法的"
)
_WHAT = (
    "装配线|检测台|热处理工艺|配方体系|控制算法|模具结构|焊接夹具|数据库|试验方法|涂层技术|"
    "供料机构|补偿模型|封装方案|测试平台|清洗流程|冷却回路|压装工序|传动部件|工艺参数包|"
    "质量门|标准件库|混炼工艺|烧结曲线|仿真模型|绕线方式|灌封材料|抽检规则|备件体系|"
    "节拍管理办法|刀具寿命模型|能耗看板|图纸管理制度|数据接口|驱动电路|光路设计|信号链|"
    "润滑结构|防错装置|装夹方案|配料系统|包装规范|老化房|失效分析流程|寿命试验台"
)
_RESULT = (
    "一次合格率由{a}%升到{b}%|单件工时下降{a}%|能耗比改造前低{a}%|返修数减少了{a}%|"
    "交付周期缩短到{a}天|使用寿命超过{b}00小时|尺寸误差控制在{a}微米以内|漏检数降为零|"
    "每年节约成本约{b}万元|订单比上年多出{a}%|服务的客户增加到{a}家|产品进入{a}个省的市场|"
    "替代了{a}种进口型号|换型时间压到{a}分钟|库存周转加快{a}天|噪声下降{a}分贝|"
    "通过了{a}家主机厂的审核|故障间隔延长到{b}天|材料利用率提高{a}个百分点|"
    "获得用户书面认可|为下一代机型留出了余量|解决了长期存在的渗漏问题|避免了人工读数的差错|"
    "使新员工两周内即可上岗|得到了第三方检测机构的报告|在同行中处于前列|填补了省内空白|"
    "带动了{a}家配套企业|让售后投诉明显减少|满足了出口{a}个国家的要求"
)
_LINK = "，并|，同时|，由此|，从而|，进而|，随后|，最终|，使得|；目前|；其后"
_STOCK = (
    "公司始终坚持创新驱动，走专业化、精细化、特色化、新颖化发展道路。",
    "公司建立了完善的质量管理体系，并严格按照体系要求组织生产。",
    "公司高度重视知识产权保护，设有专人负责专利的申请和维护。",
    "今后公司将继续加大研发投入，为产业链供应链的稳定作出贡献。",
    "公司与多所高校建立了产学研合作关系，共同培养技术人才。",
    "公司没有发生过重大安全、质量和环境污染事故。",
)
_TELL = (
    "主导产品{p}和{q}用于{w}，年产{a}万件。",
    "{p}占营业收入的{b}%，{q}的占比逐年上升。",
    "在{p}这一细分领域，公司已经做了{a}年。",
    "{p}的核心难点在于{h}{w}，{q}则主要看{v}的稳定。",
    "目前{p}有{a}个规格，{q}有{b}个规格，都由公司自行设计。",
    "客户最初只采购{p}，后来把{q}也交给公司配套。",
    "与同类产品相比，{p}采用{h}{w}，{q}取消了{v}。",
)


def _choices(text: str) -> list[str]:
    return text.split("|")


WHEN, WHO, VERB, HOW, WHAT, RESULT, LINK = map(
    _choices, (_WHEN, _WHO, _VERB, _HOW, _WHAT, _RESULT, _LINK)
)


def narrative(dice: random.Random, industry: str, length: int) -> str:
    """A text of about so many characters."""
    products = TRADES[industry].split()
    sentences: list[str] = []
    size = 0
    while size < length:
        sentences.append(_sentence(dice, products))
        size += len(sentences[-1])
    return "".join(sentences)


def _sentence(dice: random.Random, products: list[str]) -> str:
    numbers = {"a": dice.randint(2, 60), "b": dice.randint(61, 99)}
    kind = dice.random()
    if kind < 0.06:
        return dice.choice(_STOCK)
    if kind < 0.25:
        first, second = dice.sample(products, 2)
        return dice.choice(_TELL).format(
            p=first,
            q=second,
            h=dice.choice(HOW),
            w=dice.choice(WHAT),
            v=dice.choice(WHAT),
            **numbers,
        )
    core = _clause(dice, products)
    if dice.random() < 0.5:
        core += dice.choice(LINK) + _clause(dice, products, who=False)
    return f"{core}，{dice.choice(RESULT).format(**numbers)}。"


def _clause(dice: random.Random, products: list[str], *, who: bool = True) -> str:
    when = f"{dice.choice(WHEN)}，" if who and dice.random() < 0.6 else ""
    subject = dice.choice(WHO) if who else ""
    target = f"{dice.choice(products)}的" if dice.random() < 0.5 else ""
    return f"{when}{subject}{dice.choice(VERB)}{target}{dice.choice(HOW)}{dice.choice(WHAT)}"
